/** What a node counts, since it started. Plain numbers, for whoever serves them. */
export class Metrics {
  gets = 0;
  puts = 0;
  deletes = 0;
  refusedRequests = 0;
  repeatedRequests = 0;
  quorumFailures = 0;
  timeouts = 0;
  /** Answers to requests that had ended, or that an earlier life of the node asked. */
  lateAnswers = 0;
  /** Writes that a replica did not store, because it held a newer version. */
  writesDropped = 0;
  /** Stale replicas that reads wrote to, before or after they answered. */
  readRepairs = 0;
  diskFailures = 0;
  /** Writes that a replica refused at once, because too many waited for its disk. */
  overloadedWrites = 0;
  /** Writes that a replica refused because a tombstone for them may have been purged. */
  oldWritesRefused = 0;
  antiEntropyRounds = 0;
  /** Hashes of Merkle trees that were sent to peers. */
  antiEntropyHashes = 0;
  /** Keys of which a peer's versions were compared with the own ones. */
  antiEntropyKeysCompared = 0;
  /** Keys that were sent to a peer because it was behind. */
  antiEntropyEntries = 0;
  /** Tombstones that were forgotten after their grace. */
  tombstonesCollected = 0;
  /** Tombstones that were forgotten because all owners had them. */
  tombstonesPurged = 0;
}
