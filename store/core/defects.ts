import type { Defect } from "./defects/defect.ts";
import { inExchanges } from "./defects/in-exchanges.ts";
import { inHints } from "./defects/in-hints.ts";
import { inMembership } from "./defects/in-membership.ts";
import { inPaxos } from "./defects/in-paxos.ts";
import { inQuorums } from "./defects/in-quorums.ts";
import { inReads } from "./defects/in-reads.ts";
import { inReplicas } from "./defects/in-replicas.ts";
import { inSiblings } from "./defects/in-siblings.ts";
import { inStorage } from "./defects/in-storage.ts";
import { inVersions } from "./defects/in-versions.ts";
import type { Policies } from "./policies.ts";
import { standardPolicies } from "./policies.ts";

export type { Defect } from "./defects/defect.ts";

/** Every planted defect: the override of one decision, rarely two, of `Policies`. */
export const defects: readonly Defect[] = [
  ...inQuorums,
  ...inReads,
  ...inReplicas,
  ...inVersions,
  ...inSiblings,
  ...inPaxos,
  ...inHints,
  ...inMembership,
  ...inExchanges,
  ...inStorage,
];

/** The policies of a store with that defect, or of the store as it should be. Throws on an unknown name. */
export function policiesOf(defect: string | undefined): Policies {
  if (defect === undefined) return standardPolicies;
  const found = defects.find(({ name }) => name === defect);
  if (found !== undefined) return { ...standardPolicies, ...found.policies };
  const names = defects.map(({ name }) => name).join(", ");
  throw new RangeError(`there is no defect "${defect}"; the defects are ${names}`);
}
