import type { State, Versioning } from "../versions/version.ts";

/** What must be right about hints and stand-ins. */
export interface HintPoliciesOfNode {
  /** Whether a hint is kept until its home has acknowledged that it is synced there. */
  keepsHintUntilAcked(): boolean;
  /** Whether a hint is brought again after a delivery that was not acknowledged. */
  retriesHints(): boolean;
  /** Whether a stand-in acknowledges a hint that is not synced, though its keyspace asks for it. */
  acksUnsyncedHint(): boolean;
  /** What a home holds after a hint. */
  mergeHint(versioning: Versioning, held: State, hint: State): State;
  /** Whether a hint is too old to be delivered; its keyspace lets hints live so long, or null for ever. */
  isHintExpired(ageUs: number, expiryMs: number | null): boolean;
  /**
   * The owners for which a stand-in's answer counts, as bits, by the bit of the owner that the answer names and
   * the bits of all owners that somebody stands in for.
   */
  ownersAnsweredFor(owner: number, stoodInFor: number): number;
}

/** As it should be. */
export const standardHintPoliciesOfNode: HintPoliciesOfNode = {
  keepsHintUntilAcked: () => true,
  retriesHints: () => true,
  acksUnsyncedHint: () => false,
  mergeHint: (versioning, held, hint) => versioning.merge(held, hint),
  isHintExpired: (ageUs, expiryMs) => expiryMs !== null && ageUs > expiryMs * 1_000,
  ownersAnsweredFor: (owner) => owner,
};
