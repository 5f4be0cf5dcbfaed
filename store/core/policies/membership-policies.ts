import type { Keyspace } from "../options/keyspace.ts";

/** What must be right while owners change. */
export interface MembershipPolicies {
  /** Whether, while owners change, w acknowledgements of old and new owners together are enough. */
  countsUnionOfOwners(keyspace: Keyspace): boolean;
}

/** As it should be. */
export const standardMembershipPolicies: MembershipPolicies = {
  countsUnionOfOwners: (keyspace) => keyspace.ring === "pending-union",
};
