import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import type { NodeContext } from "../node-context.ts";
import type { DiskTarget, TimerTarget } from "../runtime.ts";
import type { Durable } from "./durable.ts";
import type { Log, LogListener } from "./log.ts";
import type { LogRecord } from "./record.ts";

/** Records and characters that are taken in one go. Chosen: less than a millisecond to encode. */
const maxChunkRecords = 256;
const maxChunkCharacters = 256 * 1_024;
/** Microseconds between chunks. Chosen: half of the time is left for requests. */
const paceUs = 1_000;
/** Bytes that wait for the disk, above which a chunk waits too. Chosen: a snapshot is in no hurry. */
const maxBacklog = 4 * 1_024 * 1_024;
/** Microseconds until a snapshot that failed is begun anew. Chosen: long enough for somebody to make room. */
const retryUs = 10_000_000;

const Step = { write: 0, retry: 1, synced: 2, installed: 3 } as const;

/**
 * Keeps the log bounded: once it has grown enough, writes what is still needed of it into a snapshot.
 * (1) The snapshot stands for a segment boundary; what was appended before that is durable, so shown in the
 * parts' states, before the first of them is written. (2) What is appended later is in the log behind the
 * boundary, so a part may change while it is written: its records are merged once more, to no effect.
 */
export class Compactor implements LogListener, DiskTarget, TimerTarget {
  readonly #context: NodeContext;
  readonly #log: Log;
  readonly #parts: readonly Durable[];
  readonly #causeSeed: number;
  /** The records that are still to be written; null while no snapshot is under way. */
  #left: Iterator<LogRecord> | null = null;
  #written = 0;
  /** How many records this life had appended at the boundary. */
  #boundary = 0;
  #period = 0;

  constructor(context: NodeContext, log: Log, parts: readonly Durable[]) {
    this.#context = context;
    this.#log = log;
    this.#parts = parts;
    this.#causeSeed = taskSeed(context, BackgroundTask.compaction, "");
  }

  /** Begins to watch the log, of which so many records were recovered. */
  watch(recovered: number): void {
    const { policies } = this.#context;
    const least = policies.recordsBetweenSnapshots(0);
    // The parts are counted only where it matters: a start should not go through a table for nothing.
    const live = recovered < least ? 0 : count(this.#records());
    const due = policies.recordsBetweenSnapshots(live) - (recovered - live);
    this.#log.whenAppended(this.#log.appended + Math.max(1, due), this);
  }

  onAppended(): void {
    this.#begin();
  }

  onTimer(step: number): void {
    if (step === Step.retry) this.#begin();
    else this.#proceed(false);
  }

  onDurable(step: number): void {
    // Later, so that whoever waited for the same sync has heard of it.
    if (step === Step.synced) this.#pause();
    else this.#end();
  }

  onDiskFailed(): void {
    this.#left = null;
    this.#context.metrics.diskFailures += 1;
    this.#context.runtime.after(retryUs, this, Step.retry, this.#cause());
  }

  #begin(): void {
    const { policies } = this.#context;
    this.#period += 1;
    this.#left = this.#records();
    this.#written = 0;
    this.#boundary = this.#log.appended;
    this.#log.disk.rotate();
    if (policies.awaitsSyncBeforeSnapshot()) this.#log.disk.sync(this, Step.synced, this.#cause());
    else this.#proceed(false);
  }

  /** The next chunk, or the end. */
  #proceed(isWhole: boolean): void {
    const { disk } = this.#log;
    if (this.#context.policies.isSnapshotFit(isWhole)) disk.install(this, Step.installed, this.#cause());
    else if (disk.backlog > maxBacklog) this.#pause();
    else if (this.#writeChunk()) this.#proceed(true);
    else this.#pause();
  }

  /** Whether it was the last. */
  #writeChunk(): boolean {
    const chunk: LogRecord[] = [];
    let characters = 0;
    let isLast = false;
    while (chunk.length < maxChunkRecords && characters < maxChunkCharacters && !isLast) {
      const next = this.#left?.next();
      if (next === undefined || next.done === true) {
        isLast = true;
      } else {
        chunk.push(next.value);
        characters += charactersOf(next.value);
      }
    }
    this.#written += chunk.length;
    const { policies } = this.#context;
    this.#log.disk.snapshot(chunk.filter((record) => policies.isKeptInSnapshot(record)));
    return isLast;
  }

  #end(): void {
    this.#left = null;
    this.#context.metrics.snapshots += 1;
    const between = this.#context.policies.recordsBetweenSnapshots(this.#written);
    this.#log.whenAppended(this.#boundary + between, this);
  }

  #pause(): void {
    this.#context.runtime.after(paceUs, this, Step.write, this.#cause());
  }

  *#records(): Generator<LogRecord> {
    for (const part of this.#parts) yield* part.records();
  }

  #cause(): number {
    return causeOf(this.#causeSeed, this.#period);
  }
}

function count(records: Iterable<LogRecord>): number {
  let counted = 0;
  for (const _ of records) counted += 1;
  return counted;
}

/** Roughly: what is long in a record are its values. */
function charactersOf({ state, text }: LogRecord): number {
  return state.entries.reduce((sum, { value }) => sum + (value?.length ?? 0), text.length);
}
