import { dotOf } from "../policies/sibling-policies.ts";
import type { Entry, State, Versioning } from "../versions/version.ts";
import { isNothing } from "../versions/version.ts";
import type { Defect } from "./defect.ts";

/** Of several siblings the one with the greatest dot. */
function pruned(versioning: Versioning, held: State, arriving: State): State {
  const merged = versioning.merge(held, arriving);
  if (versioning.name !== "siblings" || merged.entries.length < 2) return merged;
  return { entries: merged.entries.slice(-1), context: merged.context };
}

/** Of a counter both sides' sums of an actor added up, where one would contain the other. */
function addedUp(versioning: Versioning, held: State, arriving: State): State {
  const merged = versioning.merge(held, arriving);
  if (versioning.name !== "pn-counter" || merged === held || isNothing(held)) return merged;
  const entries = merged.entries.map((entry): Entry => {
    const sums = [held, arriving].map((state) => sumOfActor(state, entry));
    const [ours = 0, theirs = 0] = sums;
    const { version, deleted } = entry;
    return { version, value: `${ours + theirs}`, deleted };
  });
  return { entries, context: merged.context };
}

function sumOfActor({ entries }: State, { version }: Entry): number {
  const own = entries.find(
    (entry) => entry.version.node === version.node && entry.version.incarnation === version.incarnation,
  );
  return Number(own?.value ?? 0);
}

/** Planted in siblings and CRDTs. */
export const inSiblings: readonly Defect[] = [
  {
    name: "sibling-pruned",
    standsFor: "A limit on siblings keeps the newest one and drops the others as if they had been merged.",
    policies: { merge: pruned },
  },
  {
    name: "dot-sent-before-sync",
    standsFor:
      "The coordinator replicates a dot while its own log is still being written, and mints it again after a power loss.",
    policies: { sendsUnsyncedDots: () => true },
  },
  {
    name: "dot-without-incarnation",
    standsFor: "The actor of a dot is the node, and its counter starts from one in each process.",
    policies: {
      dot: (_keyspace, _known, node, _incarnation, sequence) => dotOf(node, "", sequence),
    },
  },
  {
    name: "counter-incremented-on-retry",
    standsFor:
      "An increment whose acknowledgements are late is tried again by the coordinator and counts twice.",
    policies: { repeatsUpdateAfterUs: (timeoutUs) => Math.floor(timeoutUs / 8) },
  },
  {
    name: "counter-merged-by-sum",
    standsFor: "Counters of two replicas are added where the greater sum of each actor should be taken.",
    policies: { merge: addedUp },
  },
  {
    name: "remove-drops-concurrent-add",
    standsFor: "A remove takes the item away by its name, with adds that nobody had seen.",
    policies: { isObserved: () => true },
  },
  {
    name: "context-not-merged-on-delete",
    standsFor:
      "A delete removes what its replica holds and forgets the context, so that a late write of the deleted value is stored.",
    policies: { remembersRemoved: () => false },
  },
];
