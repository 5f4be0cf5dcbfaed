import type { Message } from "./messages.ts";
import type { LogRecord } from "./storage/record.ts";
import type { NotedVersion } from "./versions/noted-version.ts";

export type { NotedVersion } from "./versions/noted-version.ts";

/**
 * Everything that a node may ask of the world. The simulator and the server each have one class of it.
 * Nothing here calls back inside the call that asked.
 */
export interface Runtime {
  /** Microseconds of the node's own clock: may be wrong, may jump, is strictly increasing otherwise. */
  wallClockUs(): number;
  /** Microseconds that never jump, from an arbitrary start. */
  monotonicUs(): number;
  /** Names this life of the process: 16 hexadecimal digits that no crash or rollback brings back. */
  readonly incarnation: string;
  /** A 31-bit integer by cause: the same arguments give the same number within one run. */
  draw(purpose: number, cause: number, leg: number, attempt: number): number;
  /** Fire and forget: it may be lost, delayed, doubled or overtaken. Not to the node itself. */
  send(to: string, message: Message): void;
  /** Calls `target.onTimer(tag)` after that long, unless cancelled first. */
  after(delayUs: number, target: TimerTarget, tag: number, cause: number): TimerHandle;
  cancel(timer: TimerHandle): void;
  readonly disk: Disk;
  /** The store's only word about its decisions; does nothing unless somebody listens. */
  readonly notes: Notes | null;
}

export interface TimerTarget {
  onTimer(tag: number): void;
}

/** Opaque to the store. */
export type TimerHandle = unknown;

/**
 * The write-ahead log, in segments, and a snapshot that stands for those before. Records become durable in
 * the order in which they were appended. What a starting node reads is the last installed snapshot and then
 * every record that was appended since the `rotate` before it.
 */
export interface Disk {
  /**
   * Appends a record. With a `target`, it is also synced: `target.onDurable(tag)` follows once it and all
   * records before it would survive a power loss, `target.onDiskFailed(tag)` if that cannot be had.
   */
  append(record: LogRecord, target: DiskTarget | null, tag: number, cause: number): void;
  /** Makes everything that was appended durable (fsync every so often). */
  sync(target: DiskTarget, tag: number, cause: number): void;
  /** Begins a new segment, and a snapshot that is meant to replace those before it. */
  rotate(): void;
  /** Adds records to the snapshot that was begun by the last `rotate`. */
  snapshot(records: readonly LogRecord[]): void;
  /**
   * Makes that snapshot durable, then drops the segments before it. Nothing is dropped where it fails
   * (`onDiskFailed`): the next `rotate` begins another.
   */
  install(target: DiskTarget, tag: number, cause: number): void;
  /** Whether the last append found no room. Appends are still tried: there may be room again. */
  readonly isFull: boolean;
  /** Characters or bytes of records that wait to be written: how far the disk is behind. */
  readonly backlog: number;
}

export interface DiskTarget {
  onDurable(tag: number): void;
  onDiskFailed(tag: number): void;
}

/** Hears the store's decisions, for pictures. Values are the store's text, versions are text. */
export interface Notes {
  note(
    what: "minted" | "stored" | "dropped" | "erased" | "answered" | "repaired" | "recovered",
    keyspace: string,
    key: string,
    subject: NotedVersion,
    /** What the replica holds after the step; null where the decision is not about a replica. */
    holds: NotedVersion | null,
    cause: number,
  ): void;
}
