/** What must be right about ballots and compare-and-set. */
export interface PaxosPolicies {
  /** Whether a proposer tries again by itself after it has sent an accept. */
  retriesAfterAccept(): boolean;
}

/** As it should be. */
export const standardPaxosPolicies: PaxosPolicies = {
  retriesAfterAccept: () => false,
};
