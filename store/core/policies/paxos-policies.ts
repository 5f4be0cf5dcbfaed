import type { State, Version, Versioning } from "../versions/version.ts";
import { compareVersions } from "../versions/version.ts";

/** What must be right about ballots and compare-and-set. */
export interface PaxosPolicies {
  /** The ballot of a round, given the version that the node's mint made for it. */
  ballotOf(minted: Version): Version;
  /** Promises that a proposer waits for. */
  promisesNeeded(r: number): number;
  /** Acceptances that a proposer waits for. */
  acceptancesNeeded(w: number): number;
  /** Whether a promise is durable before it is given. */
  syncsPromises(): boolean;
  /** Whether an acceptor may accept a ballot, given the greatest that it has promised. */
  mayAccept(ballot: Version, promised: Version | null): boolean;
  /** What a proposer builds on, of what two acceptors have accepted. */
  pickAccepted(versioning: Versioning, picked: State, answer: State): State;
  /** Whether what a read found is accepted under the read's own ballot before it is answered. */
  confirmsReads(): boolean;
  /** Whether a proposer tries again by itself after it has sent an accept. */
  retriesAfterAccept(): boolean;
  /** What a compare-and-set compares: what its quorum knows, rather than what the own replica holds. */
  compared(known: State, own: State): State;
}

/** As it should be. */
export const standardPaxosPolicies: PaxosPolicies = {
  ballotOf: (minted) => minted,
  promisesNeeded: (r) => r,
  acceptancesNeeded: (w) => w,
  syncsPromises: () => true,
  mayAccept: (ballot, promised) => promised === null || compareVersions(ballot, promised) >= 0,
  pickAccepted: (versioning, picked, answer) => versioning.merge(picked, answer),
  confirmsReads: () => true,
  retriesAfterAccept: () => false,
  compared: (known) => known,
};
