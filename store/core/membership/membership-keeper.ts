import type { Message } from "../messages.ts";
import { answerTo, MessageKind } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { DiskTarget } from "../runtime.ts";
import type { Durable } from "../storage/durable.ts";
import type { Log } from "../storage/log.ts";
import type { LogRecord } from "../storage/record.ts";
import { nodeRecord, RecordKind } from "../storage/record.ts";
import { nothing } from "../versions/version.ts";
import type { MembershipState } from "./membership-state.ts";
import { isLater } from "./membership-state.ts";

/** What else a node does in a phase. */
export interface PhaseWork {
  /** The phase holds from now on, here. */
  onEntered(state: MembershipState): void;
  /** No request of an earlier phase is under way here any more. `whenDone` ends the node's part in the phase. */
  onDrained(state: MembershipState, whenDone: () => void): void;
  /** The node has done its part in the phase. */
  onDone(state: MembershipState): void;
  /** A phase could not be logged. */
  onNotLogged(state: MembershipState): void;
}

/**
 * A node's part in changes of membership. (1) A phase is logged durably before it is entered: no crash
 * brings back one that was left. (2) The node says that it has left the phase before once all requests that
 * it began in it have ended, and, while new owners stream, once it has what it is to own.
 */
export class MembershipKeeper implements Durable {
  readonly #context: NodeContext;
  readonly #log: Log;
  readonly #work: PhaseWork;
  /** The last phase that was logged, durably or not. */
  #logged: MembershipState | null = null;
  #isDone = true;
  /** Who wants to know when this node is done. */
  #asked: { readonly from: string; readonly message: Message } | null = null;

  constructor(context: NodeContext, log: Log, work: PhaseWork) {
    this.#context = context;
    this.#log = log;
    this.#work = work;
  }

  /** Takes up where the log ends. */
  start(): void {
    const { state } = this.#context.membership;
    if (state.epoch > 1) this.#begin(state);
  }

  /** Hears of a phase. */
  hear(from: string, message: Message): void {
    const { extra } = message;
    if (extra?.kind !== "membership") return;
    const { state } = this.#context.membership;
    const heard = extra.membership;
    this.#asked = { from, message };
    if (isLater(heard, this.#logged ?? state)) this.enter(heard, message.cause);
    // One that is behind is told at once, whatever is still to be done here.
    else if (this.#isDone || isLater(state, heard)) this.#acknowledge();
  }

  /** Logs a phase, and enters it once that is durable. */
  enter(state: MembershipState, cause: number): void {
    this.#logged = state;
    const record = nodeRecord(RecordKind.membership, state.epoch, JSON.stringify(state));
    this.#log.append(record, new LoggedPhase(this, state), 0, cause);
  }

  /** A logged phase is durable. */
  onLogged(state: MembershipState): void {
    if (this.#logged === state) this.#logged = null;
    if (this.#context.membership.adopt(state)) this.#begin(state);
  }

  onNotLogged(state: MembershipState): void {
    if (this.#logged === state) this.#logged = null;
    this.#context.metrics.diskFailures += 1;
    this.#work.onNotLogged(state);
  }

  /** What the log knows is known before there is a node: see `recoveredMembership`. */
  recover(): void {
    return;
  }

  *records(): Generator<LogRecord> {
    const { state } = this.#context.membership;
    if (state.epoch > 1) yield nodeRecord(RecordKind.membership, state.epoch, JSON.stringify(state));
  }

  #begin(state: MembershipState): void {
    const { policies } = this.#context;
    this.#isDone = false;
    this.#work.onEntered(state);
    const onDrained = (): void => {
      if (this.#context.membership.state !== state) return;
      this.#work.onDrained(state, () => this.#end(state));
    };
    if (policies.drainsBeforeNextPhase()) this.#context.whenDrained(onDrained);
    else onDrained();
  }

  #end(state: MembershipState): void {
    if (this.#context.membership.state !== state || this.#isDone) return;
    this.#isDone = true;
    this.#work.onDone(state);
    this.#acknowledge();
  }

  #acknowledge(): void {
    const asked = this.#asked;
    if (asked === null) return;
    this.#asked = null;
    const membership = this.#context.membership.state;
    const extra = { kind: "membership" as const, membership, isDone: this.#isDone };
    const answer = answerTo(asked.message, MessageKind.membershipAck, nothing, null, extra);
    this.#context.runtime.send(asked.from, answer);
  }
}

/** The last phase that a log has; null where it has none. */
export function recoveredMembership(records: readonly LogRecord[]): MembershipState | null {
  let last: MembershipState | null = null;
  for (const { kind, text } of records) {
    if (kind !== RecordKind.membership) continue;
    const state = JSON.parse(text) as MembershipState;
    if (last === null || isLater(state, last)) last = state;
  }
  return last;
}

/** A phase on its way to the disk. */
class LoggedPhase implements DiskTarget {
  readonly #keeper: MembershipKeeper;
  readonly #state: MembershipState;

  constructor(keeper: MembershipKeeper, state: MembershipState) {
    this.#keeper = keeper;
    this.#state = state;
  }

  onDurable(): void {
    this.#keeper.onLogged(this.#state);
  }

  onDiskFailed(): void {
    this.#keeper.onNotLogged(this.#state);
  }
}
