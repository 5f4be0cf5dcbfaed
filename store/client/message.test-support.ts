import fc from "fast-check";
import type { Message, MessageExtra } from "../core/messages.ts";
import { MessageKind } from "../core/messages.ts";
import type { ClientReply, ClientRequest } from "../core/request.ts";
import { replyErrors, requestFunctions } from "../core/request.ts";
import type { State, Version, VersionVector } from "../core/versions/version.ts";

// Messages are compared with what was decoded, which has the ordinary prototype.
const plain = { noNullPrototype: true };
const few = { maxLength: 3 };
const name = fc.string({ maxLength: 8 });
/** Any text that a JavaScript string can hold as UTF-8: a lone surrogate cannot travel. */
const text = fc.string({ unit: "binary", maxLength: 40 });
const count = fc.nat();
const whole = fc.maxSafeInteger();

const actor = fc.stringMatching(/^[a-zA-Z0-9_.-]{0,8}$/);
const version: fc.Arbitrary<Version> = fc.record(
  { time: fc.maxSafeNat(), node: actor, incarnation: actor, sequence: count },
  plain,
);
const context: fc.Arbitrary<VersionVector> = fc.array(
  fc.record({ node: actor, incarnation: actor, counter: count }, plain),
  few,
);
const entry = fc.record({ version, value: fc.option(text), deleted: fc.boolean() }, plain);
const state: fc.Arbitrary<State> = fc.record({ entries: fc.array(entry, few), context }, plain);

const request: fc.Arbitrary<ClientRequest> = fc.record(
  {
    requestId: name,
    keyspace: name,
    key: text,
    f: fc.constantFrom(...requestFunctions),
    value: fc.option(text),
    expected: fc.option(text),
    quantity: count,
    w: count,
    r: count,
    consistency: name,
    context: text,
    clientStampUs: fc.maxSafeNat(),
    clientId: name,
    timeoutUs: count,
    cause: count,
  },
  { ...plain, requiredKeys: ["requestId", "keyspace", "key", "f", "value", "timeoutUs", "cause"] },
);
const reply: fc.Arbitrary<ClientReply> = fc.oneof(
  fc.record(
    {
      kind: fc.constant("ok" as const),
      values: fc.array(text, few),
      context: fc.option(text),
      version: fc.option(name),
    },
    plain,
  ),
  fc.record(
    {
      kind: fc.constant("error" as const),
      error: fc.constantFrom(...replyErrors),
      message: text,
      needed: count,
      got: count,
      indeterminate: fc.boolean(),
    },
    plain,
  ),
);
const member = fc.record({ id: name, dc: name, address: name }, { ...plain, requiredKeys: ["id", "dc"] });
const members = fc.array(member, { minLength: 1, maxLength: 3 });
const membership = fc.record(
  {
    epoch: count,
    phase: fc.constantFrom("steady", "write-both-read-old", "streaming", "write-both-read-new"),
    members,
    next: fc.option(members),
    leader: fc.option(name),
    dead: fc.array(name, few),
  },
  plain,
);
const path = fc.stringMatching(/^[0-9a-f]{0,8}$/);
const hash = fc.record({ path, high: whole, low: whole, count }, plain);
const extra: fc.Arbitrary<MessageExtra> = fc.oneof(
  fc.record({ kind: fc.constant("request" as const), request }, plain),
  fc.record({ kind: fc.constant("reply" as const), reply }, plain),
  fc.record({ kind: fc.constant("hashes" as const), group: name, hashes: fc.array(hash, few) }, plain),
  fc.record({ kind: fc.constant("membership" as const), membership, isDone: fc.boolean() }, plain),
  fc.record({ kind: fc.constant("stream" as const), isResync: fc.boolean() }, plain),
);

/** Any message of any kind, with whatever a message can carry. */
export const anyMessage: fc.Arbitrary<Message> = fc.record(
  {
    kind: fc.constantFrom(...Object.values(MessageKind)),
    cause: count,
    attempt: count,
    requestId: count,
    incarnation: name,
    keyspace: name,
    ringEpoch: count,
    key: text,
    home: name,
    state,
    version: fc.option(version),
    digests: fc.array(fc.record({ key: text, versions: fc.array(version, few), context }, plain), few),
    entries: fc.array(fc.record({ key: text, state, promised: fc.option(version) }, plain), few),
    extra: fc.option(extra),
  },
  plain,
);
