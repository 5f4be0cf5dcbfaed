/** What must be right about siblings and CRDTs. */
export interface SiblingPolicies {
  /** Whether a coordinator sends a dot that it has made before its own disk has it. */
  sendsUnsyncedDots(): boolean;
}

/** As it should be. */
export const standardSiblingPolicies: SiblingPolicies = {
  sendsUnsyncedDots: () => false,
};
