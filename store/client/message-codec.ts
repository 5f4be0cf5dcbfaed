import type { KeyDigest, KeyState, Message, MessageKindCode } from "../core/messages.ts";
import { messageNames } from "../core/messages.ts";
import { packExtra, unpackExtra } from "./extra-codec.ts";
import {
  listOf,
  numberOf,
  packContext,
  packState,
  packVersion,
  textOf,
  unpackContext,
  unpackState,
  unpackVersion,
} from "./state-codec.ts";
import type { RawFrame } from "./wire.ts";
import { decodeBody, encodeFrame, frameKinds, WireError } from "./wire.ts";

/**
 * A message as a list without field names. In order: kind, keyspace, ring epoch, cause, attempt, request id,
 * incarnation, key, home, state, version, digests, entries, extra.
 */
export function encodeMessage(message: Message): Buffer {
  return encodeFrame(frameKinds.message, [
    message.kind,
    message.keyspace,
    message.ringEpoch,
    message.cause,
    message.attempt,
    message.requestId,
    message.incarnation,
    message.key,
    message.home,
    packState(message.state),
    message.version === null ? null : packVersion(message.version),
    message.digests.map(({ key, versions, context }) => [
      key,
      versions.map(packVersion),
      packContext(context),
    ]),
    message.entries.map(({ key, state, promised }) => [
      key,
      packState(state),
      promised === null ? null : packVersion(promised),
    ]),
    message.extra === null ? null : packExtra(message.extra),
  ]);
}

/** Reads a message frame. Nothing of another shape reaches the store. @throws WireError naming the field. */
export function decodeMessage(frame: RawFrame): Message {
  const fields = listOf(decodeBody(frame), "a message", 14);
  const kind = numberOf(fields[0], "kind");
  if (!Number.isInteger(kind) || kind < 1 || kind >= messageNames.length) {
    throw new WireError(`message kind ${kind} is not one of 1 to ${messageNames.length - 1}`);
  }
  return {
    kind: kind as MessageKindCode,
    keyspace: textOf(fields[1], "keyspace"),
    ringEpoch: numberOf(fields[2], "ring epoch"),
    cause: numberOf(fields[3], "cause"),
    attempt: numberOf(fields[4], "attempt"),
    requestId: numberOf(fields[5], "request id"),
    incarnation: textOf(fields[6], "incarnation"),
    key: textOf(fields[7], "key"),
    home: textOf(fields[8], "home"),
    state: unpackState(fields[9]),
    version: fields[10] === null ? null : unpackVersion(fields[10]),
    digests: listOf(fields[11], "digests").map(unpackDigest),
    entries: listOf(fields[12], "entries").map(unpackKeyState),
    extra: fields[13] === null ? null : unpackExtra(fields[13]),
  };
}

function unpackDigest(value: unknown): KeyDigest {
  const [key, versions, context] = listOf(value, "a digest", 3);
  return {
    key: textOf(key, "digest key"),
    versions: listOf(versions, "digest versions").map(unpackVersion),
    context: unpackContext(context),
  };
}

function unpackKeyState(value: unknown): KeyState {
  const [key, state, promised] = listOf(value, "a key's state", 3);
  return {
    key: textOf(key, "key of a state"),
    state: unpackState(state),
    promised: promised === null ? null : unpackVersion(promised),
  };
}
