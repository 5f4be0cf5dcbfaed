import type { NotedVersion } from "./versions/noted-version.ts";
import type { State, Version } from "./versions/version.ts";
import { nothing } from "./versions/version.ts";
import { noted } from "./versions/version-text.ts";

/** Kinds of messages between nodes, numbered for the wire. A number is never used again for another kind. */
export const MessageKind = {
  writeRequest: 1,
  writeAck: 2,
  writeRefused: 3,
  readRequest: 4,
  readAnswer: 5,
  readRefused: 6,
  versionRequest: 7,
  versionAnswer: 8,
  writeBack: 9,
  writeBackAck: 10,
  writeBackRefused: 11,
  repair: 12,
  digests: 13,
  differences: 14,
  entries: 15,
} as const;
export type MessageKindCode = (typeof MessageKind)[keyof typeof MessageKind];

/** Names of the kinds by number; the first place is unused. */
export const messageNames: readonly string[] = ["", ...Object.keys(MessageKind)];

/** A key with the versions that somebody holds of it. */
export interface KeyDigest {
  readonly key: string;
  readonly versions: readonly Version[];
}

/** A key with all that somebody holds of it. */
export interface KeyState {
  readonly key: string;
  readonly state: State;
}

/**
 * What nodes send one another: one shape for all kinds, so that the engine handles them alike. Never
 * changed after it was sent. An answer repeats its request's cause, attempt, request id and incarnation.
 */
export interface Message {
  readonly kind: MessageKindCode;
  /** The operation, or the period of background work, that it is sent because of. */
  readonly cause: number;
  /** Tells messages of one kind, cause and link apart: each has its own fate. */
  readonly attempt: number;
  /** Counts the requests of one life of the coordinator; 0 where no request waits for an answer. */
  readonly requestId: number;
  /** The life of the coordinator that the request id belongs to. */
  readonly incarnation: string;
  readonly keyspace: string;
  readonly ringEpoch: number;
  readonly key: string;
  readonly state: State;
  /** What a version answer tells: the greatest version that the replica holds. */
  readonly version: Version | null;
  readonly digests: readonly KeyDigest[];
  readonly entries: readonly KeyState[];
}

const noDigests: readonly KeyDigest[] = [];
const noEntries: readonly KeyState[] = [];

/** A message about one key. */
export function keyMessage(
  kind: MessageKindCode,
  cause: number,
  attempt: number,
  requestId: number,
  incarnation: string,
  keyspace: string,
  ringEpoch: number,
  key: string,
  state: State,
  version: Version | null,
): Message {
  return {
    kind,
    cause,
    attempt,
    requestId,
    incarnation,
    keyspace,
    ringEpoch,
    key,
    state,
    version,
    digests: noDigests,
    entries: noEntries,
  };
}

/** The answer to a message, about the same key, because of the same cause. */
export function answerTo(
  request: Message,
  kind: MessageKindCode,
  state: State,
  version: Version | null,
): Message {
  const { cause, attempt, requestId, incarnation, keyspace, ringEpoch, key } = request;
  return keyMessage(kind, cause, attempt, requestId, incarnation, keyspace, ringEpoch, key, state, version);
}

/** A message about many keys: the exchange between two replicas at rest. */
export function exchangeMessage(
  kind: MessageKindCode,
  cause: number,
  attempt: number,
  incarnation: string,
  keyspace: string,
  ringEpoch: number,
  digests: readonly KeyDigest[],
  entries: readonly KeyState[],
): Message {
  return {
    kind,
    cause,
    attempt,
    requestId: 0,
    incarnation,
    keyspace,
    ringEpoch,
    key: "",
    state: nothing,
    version: null,
    digests,
    entries,
  };
}

export type MessageLeg = "writeRequest" | "writeAck" | "readRequest" | "readAnswer" | "background";

const legs: readonly MessageLeg[] = [
  "background",
  "writeRequest",
  "writeAck",
  "writeAck",
  "readRequest",
  "readAnswer",
  "readAnswer",
  "readRequest",
  "readAnswer",
  "writeRequest",
  "writeAck",
  "writeAck",
  "background",
  "background",
  "background",
  "background",
];

/** Which of the four legs of a quorum operation a kind travels on. */
export function legOf(kind: number): MessageLeg {
  return legs[kind] ?? "background";
}

/** What a message carries, for pictures; null where it carries no version, or many keys. */
export function carried(message: Message): NotedVersion | null {
  if (message.state.length > 0) return noted(message.state);
  const only = message.entries.length === 1 ? message.entries[0] : undefined;
  return only === undefined ? null : noted(only.state);
}
