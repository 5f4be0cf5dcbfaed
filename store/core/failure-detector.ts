/** What is known of who is there. Local to each node: two nodes may suspect different peers. */
export interface FailureDetector {
  /** Whether nothing was heard of a node for so long that it is taken to be away. */
  isSuspected(node: string): boolean;
}

/** Suspects nobody: where no keyspace needs to know. */
export const trusting: FailureDetector = { isSuspected: () => false };
