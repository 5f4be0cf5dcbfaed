import type { MembershipState } from "./membership/membership-state.ts";
import type { ClientReply, ClientRequest } from "./request.ts";
import type { NotedVersion } from "./versions/noted-version.ts";
import type { State, Version, VersionVector } from "./versions/version.ts";
import { isNothing, nothing } from "./versions/version.ts";
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
  /** A client's request, from a node that may not coordinate it to a replica that may; and its reply. */
  forward: 16,
  forwardReply: 17,
  /** CASPaxos: `version` is the ballot. A promise carries what was accepted; a refusal the ballot that stands. */
  prepare: 18,
  promise: 19,
  prepareRefused: 20,
  accept: 21,
  accepted: 22,
  acceptRefused: 23,
  heartbeat: 24,
  treeHashes: 25,
  /** A write for the node that it is sent to, from one that kept it meanwhile. */
  hint: 26,
  hintAck: 27,
  /** Purging a tombstone: who has it, who has it synced; purge it, it is purged. */
  tombstoneQuery: 28,
  tombstoneKnown: 29,
  tombstonePurge: 30,
  tombstonePurged: 31,
  membership: 32,
  membershipAck: 33,
  streamRequest: 34,
  streamEntries: 35,
  streamEnd: 36,
} as const;
export type MessageKindCode = (typeof MessageKind)[keyof typeof MessageKind];

/** Names of the kinds by number; the first place is unused. */
export const messageNames: readonly string[] = ["", ...Object.keys(MessageKind)];

/** A key with the versions that somebody holds of it. */
export interface KeyDigest {
  readonly key: string;
  readonly versions: readonly Version[];
  readonly context: VersionVector;
}

/** A key with all that somebody holds of it. */
export interface KeyState {
  readonly key: string;
  readonly state: State;
  /** The greatest ballot that was promised for it; null outside CASPaxos. */
  readonly promised: Version | null;
}

/** A node of a Merkle tree: the combined hash, in two 32-bit halves, of all keys under a path. */
export interface TreeHash {
  /** Hexadecimal digits of the keys' hash; empty for the root. */
  readonly path: string;
  readonly high: number;
  readonly low: number;
  /** Keys under the path. */
  readonly count: number;
}

/** What only rare kinds carry. */
export type MessageExtra =
  | { readonly kind: "request"; readonly request: ClientRequest }
  | { readonly kind: "reply"; readonly reply: ClientReply }
  | { readonly kind: "hashes"; readonly group: string; readonly hashes: readonly TreeHash[] }
  | {
      readonly kind: "membership";
      readonly membership: MembershipState;
      /** In an acknowledgement: the node has left the phase before, and has what it is to hold. */
      readonly isDone: boolean;
    }
  /** In a request to be streamed: what the node has lost, or what it is to own newly. */
  | { readonly kind: "stream"; readonly isResync: boolean };

/**
 * What nodes send one another: one shape for all kinds, so that the engine handles them alike. Never
 * changed after it was sent. An answer repeats its request's cause, attempt, request id, incarnation and home.
 */
export interface Message {
  readonly kind: MessageKindCode;
  /** The operation, or the period of background work, that it is sent because of. */
  readonly cause: number;
  /** Tells messages of one kind, cause and link apart: each has its own fate. From 0 to 4,095. */
  readonly attempt: number;
  /** Counts the requests of one life of the coordinator; 0 where no request waits for an answer. */
  readonly requestId: number;
  /** The life of the coordinator that the request id belongs to. */
  readonly incarnation: string;
  readonly keyspace: string;
  readonly ringEpoch: number;
  readonly key: string;
  /** The node in whose place the receiver acts (sloppy quorums); empty where it acts for itself. */
  readonly home: string;
  readonly state: State;
  /** The greatest version that the replica holds, or a ballot. */
  readonly version: Version | null;
  readonly digests: readonly KeyDigest[];
  readonly entries: readonly KeyState[];
  readonly extra: MessageExtra | null;
}

/** Attempts are below it, so that a fault's draws never meet another fault's. */
export const mostAttempts = 4_096;

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
  home: string,
  state: State,
  version: Version | null,
  extra: MessageExtra | null,
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
    home,
    state,
    version,
    digests: noDigests,
    entries: noEntries,
    extra,
  };
}

/** The answer to a message, about the same key, because of the same cause. */
export function answerTo(
  request: Message,
  kind: MessageKindCode,
  state: State,
  version: Version | null,
  extra: MessageExtra | null = null,
): Message {
  const { cause, attempt, requestId, incarnation, keyspace, ringEpoch, key, home } = request;
  return keyMessage(
    kind,
    cause,
    attempt,
    requestId,
    incarnation,
    keyspace,
    ringEpoch,
    key,
    home,
    state,
    version,
    extra,
  );
}

/** A message that belongs to no client's request: exchanges at rest, heartbeats, membership. */
export function backgroundMessage(
  kind: MessageKindCode,
  cause: number,
  attempt: number,
  incarnation: string,
  keyspace: string,
  ringEpoch: number,
  digests: readonly KeyDigest[],
  entries: readonly KeyState[],
  extra: MessageExtra | null,
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
    home: "",
    state: nothing,
    version: null,
    digests,
    entries,
    extra,
  };
}

/** The answer to a request to be streamed: a chunk, and the key after which the next one begins. */
export function streamAnswer(
  request: Message,
  kind: typeof MessageKind.streamEntries | typeof MessageKind.streamEnd,
  key: string,
  entries: readonly KeyState[],
): Message {
  const { cause, attempt, requestId, incarnation, keyspace, ringEpoch, home } = request;
  return {
    kind,
    cause,
    attempt,
    requestId,
    incarnation,
    keyspace,
    ringEpoch,
    key,
    home,
    state: nothing,
    version: null,
    digests: noDigests,
    entries,
    extra: null,
  };
}

export type MessageLeg = "writeRequest" | "writeAck" | "readRequest" | "readAnswer" | "background";

const legByKind: { readonly [kind: number]: MessageLeg } = {
  [MessageKind.writeRequest]: "writeRequest",
  [MessageKind.writeAck]: "writeAck",
  [MessageKind.writeRefused]: "writeAck",
  [MessageKind.readRequest]: "readRequest",
  [MessageKind.readAnswer]: "readAnswer",
  [MessageKind.readRefused]: "readAnswer",
  [MessageKind.versionRequest]: "readRequest",
  [MessageKind.versionAnswer]: "readAnswer",
  [MessageKind.writeBack]: "writeRequest",
  [MessageKind.writeBackAck]: "writeAck",
  [MessageKind.writeBackRefused]: "writeAck",
  [MessageKind.prepare]: "readRequest",
  [MessageKind.promise]: "readAnswer",
  [MessageKind.prepareRefused]: "readAnswer",
  [MessageKind.accept]: "writeRequest",
  [MessageKind.accepted]: "writeAck",
  [MessageKind.acceptRefused]: "writeAck",
};
const legs: readonly MessageLeg[] = messageNames.map((_, kind) => legByKind[kind] ?? "background");

/** Which of the four legs of a quorum operation a kind travels on. */
export function legOf(kind: number): MessageLeg {
  return legs[kind] ?? "background";
}

/** What a message carries, for pictures; null where it carries no version, or many keys. */
export function carried(message: Message): NotedVersion | null {
  if (!isNothing(message.state)) return noted(message.state);
  const only = message.entries.length === 1 ? message.entries[0] : undefined;
  return only === undefined ? null : noted(only.state);
}
