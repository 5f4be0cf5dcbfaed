/** What must be right about hints and stand-ins. */
export interface HintPoliciesOfNode {
  /** Whether a hint is kept until its home has acknowledged that it is synced there. */
  keepsHintUntilAcked(): boolean;
}

/** As it should be. */
export const standardHintPoliciesOfNode: HintPoliciesOfNode = {
  keepsHintUntilAcked: () => true,
};
