/** What a node counts, since it started. Plain numbers, for whoever serves them. */
export class Metrics {
  gets = 0;
  puts = 0;
  deletes = 0;
  compareAndSets = 0;
  /** Of those, the ones that found another value. */
  casMismatches = 0;
  /** Rounds that were begun again because another request's ballot went first. */
  ballotRetries = 0;
  /** Requests that failed because other requests' ballots went first. */
  contentions = 0;
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
  /** Snapshots that took the place of the log before them. */
  snapshots = 0;
  /** Writes that a replica refused at once, because too many waited for its disk. */
  overloadedWrites = 0;
  /** Writes that a replica refused because a tombstone for them may have been purged. */
  oldWritesRefused = 0;
  /** Hints that this node keeps for others now. */
  hintsKept = 0;
  hintsWritten = 0;
  hintsDelivered = 0;
  /** Hints that were too old to be delivered. */
  hintsExpired = 0;
  /** Hints that were not kept: beyond the bounds or the window of the keyspace. */
  hintsDropped = 0;
  /** Hints of others that the own disk could not take; they are brought again. */
  hintsRefused = 0;
  /** Wall clock at the oldest hint that is kept now, in microseconds; 0 where there is none. */
  oldestHintUs = 0;
  /** Peers that are suspected now. */
  suspectedPeers = 0;
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
  /** Requests of nodes or clients that were too far behind in a change of membership. */
  staleEpochsRefused = 0;
  /** Keys that were sent to peers that are to own them, or that had lost them. */
  streamedKeysSent = 0;
  /** Keys that were forgotten because others own them now. */
  keysMovedAway = 0;
  /** Times that this node got back from its peers what it may have forgotten. */
  resyncs = 0;
}
