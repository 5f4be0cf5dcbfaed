import type { Defect } from "./defect.ts";

/** Planted in sloppy quorums and hinted handoff. */
export const inHints: readonly Defect[] = [
  {
    name: "hint-dropped-after-first-try",
    standsFor: "A hint whose delivery times out is taken for delivered, or for not worth another try.",
    policies: { retriesHints: () => false },
  },
  {
    name: "hint-deleted-before-ack",
    standsFor: "A hint is deleted when it is sent, before the home says that it has it synced.",
    policies: { keepsHintUntilAcked: () => false },
  },
  {
    name: "hint-not-synced",
    standsFor: "A stand-in keeps hints in a buffer that is written later, and acknowledges them at once.",
    policies: { acksUnsyncedHint: () => true },
  },
  {
    name: "stand-in-counts-for-two-homes",
    standsFor:
      "A stand-in's acknowledgement counts for every owner that is away, not for the one it acts for.",
    policies: { ownersAnsweredFor: (_owner, stoodInFor) => stoodInFor },
  },
  {
    name: "hint-delivered-as-overwrite",
    standsFor:
      "A home stores a hint without comparing versions, so an old hint undoes what was written since.",
    policies: { mergeHint: (_versioning, _held, hint) => hint },
  },
  {
    name: "hint-expiry-ignored",
    standsFor: "Hints outlive the tombstones of what they hold, so a delete is undone by a late delivery.",
    policies: { isHintExpired: () => false },
  },
];
