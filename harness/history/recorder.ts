import { invariant } from "../base/invariant.ts";
import type { ClockError, DumpedEntry, History, HistoryHeader, Mark, Phase } from "./history.ts";
import type { CompletionFacts, InvocationFacts } from "./history-builder.ts";
import { HistoryBuilder } from "./history-builder.ts";
import type { LineSink } from "./lines.ts";
import { lineOfCompletion, lineOfHeader, lineOfInvocation, lineOfMark } from "./lines.ts";

export type { CompletionFacts, InvocationFacts } from "./history-builder.ts";
export type { LineSink } from "./lines.ts";

/** What a fault did, or what its mend undid, and how that was seen. */
export interface FaultFacts {
  readonly fault: number;
  readonly faultKind: string;
  /** Node ids, or links as `from→to`. */
  readonly where: readonly string[];
  readonly proof: string;
  /** When it began to act, where that took time. */
  readonly sinceNs?: number;
}

/**
 * Records a run as it happens: every event gets the next index, and the journal hears it before the call
 * returns. Times must not go back.
 */
export class HistoryRecorder {
  readonly #builder: HistoryBuilder;
  readonly #journal: LineSink | null;
  #nextIndex = 0;
  #lastNs = 0;

  constructor(header: HistoryHeader, journal?: LineSink) {
    this.#builder = new HistoryBuilder(header);
    this.#journal = journal ?? null;
    this.#journal?.write(lineOfHeader(header));
  }

  /** Records that an operation is about to be sent; gives the row to complete it by. */
  invoke(timeNs: number, facts: InvocationFacts): number {
    const row = this.#builder.invoke(this.#tick(timeNs), timeNs, facts);
    if (this.#journal !== null) this.#journal.write(lineOfInvocation(this.#builder.finish(), row));
    return row;
  }

  /** Records how an operation ended. */
  complete(row: number, timeNs: number, facts: CompletionFacts): void {
    this.#builder.complete(row, this.#tick(timeNs), timeNs, facts);
    if (this.#journal !== null) this.#journal.write(lineOfCompletion(this.#builder.finish(), row));
  }

  phase(timeNs: number, phase: Phase): void {
    this.#mark({ kind: "phase", index: this.#tick(timeNs), timeNs, phase });
  }

  strike(timeNs: number, { fault, faultKind, where, proof, sinceNs = timeNs }: FaultFacts): void {
    const what = { fault, faultKind, where, proof, sinceNs };
    this.#mark({ kind: "strike", index: this.#tick(timeNs), timeNs, ...what });
  }

  mend(timeNs: number, { fault, faultKind, where, proof, sinceNs = timeNs }: FaultFacts): void {
    const what = { fault, faultKind, where, proof, sinceNs };
    this.#mark({ kind: "mend", index: this.#tick(timeNs), timeNs, ...what });
  }

  /** How far wall clocks are ahead, each known to within so many nanoseconds. */
  clocks(timeNs: number, ahead: readonly ClockError[], withinNs: number): void {
    const sorted = [...ahead].sort((a, b) => (a.node < b.node ? -1 : 1));
    this.#mark({ kind: "clocks", index: this.#tick(timeNs), timeNs, ahead: sorted, withinNs });
  }

  /** What a replica holds. */
  dump(timeNs: number, node: string, keyspace: string, entries: readonly DumpedEntry[]): void {
    this.#mark({ kind: "dump", index: this.#tick(timeNs), timeNs, node, keyspace, entries });
  }

  /** An operation that was never invoked, because what it depended on is missing or failed. */
  skipped(timeNs: number, op: number, because: string): void {
    this.#mark({ kind: "skipped", index: this.#tick(timeNs), timeNs, op, because });
  }

  /** The history. Operations without a completion are pending. */
  finish(): History {
    return this.#builder.finish();
  }

  #mark(mark: Mark): void {
    this.#builder.mark(mark);
    this.#journal?.write(lineOfMark(mark));
  }

  #tick(timeNs: number): number {
    invariant(timeNs >= this.#lastNs, `time went back from ${this.#lastNs} to ${timeNs} ns`);
    this.#lastNs = timeNs;
    const index = this.#nextIndex;
    this.#nextIndex += 1;
    return index;
  }
}
