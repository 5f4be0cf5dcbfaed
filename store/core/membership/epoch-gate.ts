import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import type { Message, MessageKindCode } from "../messages.ts";
import { answerTo, backgroundMessage, MessageKind, mostAttempts } from "../messages.ts";
import type { NodeContext, Space } from "../node-context.ts";
import { refuse } from "../serve.ts";
import { nothing } from "../versions/version.ts";

/** What a coordinator or a peer asks of a replica, or tells it. Everything else knows its own epochs. */
const gated: ReadonlySet<MessageKindCode> = new Set<MessageKindCode>([
  MessageKind.writeRequest,
  MessageKind.writeBack,
  MessageKind.readRequest,
  MessageKind.versionRequest,
  MessageKind.prepare,
  MessageKind.accept,
  MessageKind.repair,
  MessageKind.digests,
  MessageKind.differences,
  MessageKind.entries,
  MessageKind.treeHashes,
  MessageKind.hint,
  MessageKind.streamRequest,
]);

/** What replicas compare at rest: it comes again by itself. */
const exchanged: ReadonlySet<MessageKindCode> = new Set<MessageKindCode>([
  MessageKind.digests,
  MessageKind.differences,
  MessageKind.entries,
  MessageKind.treeHashes,
]);

/** What acknowledges a write, by its kind. */
const acknowledgements: ReadonlyMap<MessageKindCode, MessageKindCode> = new Map<
  MessageKindCode,
  MessageKindCode
>([
  [MessageKind.writeRequest, MessageKind.writeAck],
  [MessageKind.writeBack, MessageKind.writeBackAck],
  [MessageKind.accept, MessageKind.accepted],
]);

/** Kinds of messages are below this. */
const mostKinds = 64;

/**
 * Whether a message of another epoch may be acted upon; it is answered here otherwise. (1) One that is ahead
 * may: its phase was not entered before this node was ready for it. (2) One phase behind is usual while a
 * phase begins, and agrees with this one on where something must be written that is read elsewhere. (3) Two
 * phases behind, it might read what nobody writes any more, or write what nobody will read.
 */
export function admits(context: NodeContext, space: Space, from: string, message: Message): boolean {
  const { membership, metrics, policies } = context;
  const behind = membership.epoch - message.ringEpoch;
  if (behind <= 0 || !gated.has(message.kind)) return true;
  const isAwaited = membership.isAwaited(from);
  // While a change is under way its leader tells everybody whom it awaits.
  if (!isAwaited || membership.state.phase === "steady") tell(context, from, message);
  if (message.kind === MessageKind.streamRequest) return false;
  if (!policies.acceptsEpochBehind(behind, isAwaited)) {
    metrics.staleEpochsRefused += 1;
    refuse(context, from, message);
    return false;
  }
  return !isMovedAway(context, space, from, message);
}

/**
 * Whether it is about a key that has gone to other owners for good: whoever is a phase behind still writes to
 * the old ones, where nobody reads. The write is acknowledged, and not kept.
 */
function isMovedAway(context: NodeContext, space: Space, from: string, message: Message): boolean {
  const { id, membership, runtime } = context;
  const { key, kind, home } = message;
  if (membership.state.phase !== "steady" || space.keyspace.ring === "naive") return false;
  if (exchanged.has(kind)) return true;
  // In the place of another node this one keeps a hint.
  if (key === "" || home !== "") return false;
  if (membership.isOwner(space.keyspace, key, id)) return false;
  const acknowledgement = acknowledgements.get(kind);
  if (acknowledgement === undefined) return kind === MessageKind.repair;
  runtime.send(from, answerTo(message, acknowledgement, nothing, null));
  return true;
}

/** Tells a node or a client what the members are. */
function tell(context: NodeContext, to: string, { cause, kind, attempt }: Message): void {
  const { membership, runtime } = context;
  const seed = taskSeed(context, BackgroundTask.membership, to);
  const number = (kind + mostKinds * attempt) % mostAttempts;
  const extra = { kind: "membership" as const, membership: membership.state, isDone: false };
  const { epoch } = membership;
  const message = backgroundMessage(
    MessageKind.membership,
    causeOf(seed, cause),
    number,
    runtime.incarnation,
    "",
    epoch,
    [],
    [],
    extra,
  );
  runtime.send(to, message);
}
