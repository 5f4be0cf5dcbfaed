/** What is known of who is there. Local to each node: two nodes may suspect different peers. */
export interface FailureDetector {
  /** Whether nothing was heard of a node for so long that it is taken to be away. */
  isSuspected(node: string): boolean;
  /** Microseconds since a suspected node was last heard of, as far as this life knows; 0 for the others. */
  awayForUs(node: string): number;
}

/** Suspects nobody: where no keyspace needs to know. */
export const trusting: FailureDetector = { isSuspected: () => false, awayForUs: () => 0 };

/** Hears of peers that were suspected and are there again. */
export interface ReturnListener {
  onReturned(node: string): void;
}
