import { BackgroundTask, causeOf, taskSeed } from "../background-cause.ts";
import { mixHash } from "../hash.ts";
import type { Message } from "../messages.ts";
import { backgroundMessage, MessageKind, mostAttempts } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import type { Keyspace } from "../options/keyspace.ts";
import type { TimerHandle, TimerTarget } from "../runtime.ts";
import { backOffUs } from "./back-off.ts";
import { changeProblem } from "./change-problem.ts";
import type { MembershipKeeper } from "./membership-keeper.ts";
import type { MembershipState, NodeMember } from "./membership-state.ts";
import {
  canGiveUp,
  changeOf,
  everybody,
  isLater,
  isSameList,
  phaseAfter,
  steady,
} from "./membership-state.ts";

/** What came of a change of membership. */
export type ChangeResult = { readonly ok: true } | { readonly ok: false; readonly message: string };

/** Repetitions after which those who have left are not told any more. Chosen: half a minute. */
const farewells = 10;

/**
 * Leads changes of membership: announces each phase until everybody has left the one before, then enters
 * the next. It knows nothing that its log does not, so it goes on after a crash.
 */
export class MembershipLeader implements TimerTarget {
  readonly #context: NodeContext;
  readonly #keyspaces: readonly Keyspace[];
  readonly #keeper: MembershipKeeper;
  readonly #causeSeed: number;
  /** The phase that this node leads; null where it leads none. */
  #leading: MembershipState | null = null;
  /** The phase that is being logged. */
  #entering: MembershipState | null = null;
  /** Everybody who is told, those who leave too. */
  #audience: readonly NodeMember[] = [];
  readonly #acknowledged = new Set<string>();
  #repetitions = 0;
  #timer: TimerHandle = null;
  #whenDone: ((result: ChangeResult) => void) | null = null;

  constructor(context: NodeContext, keyspaces: readonly Keyspace[], keeper: MembershipKeeper) {
    this.#context = context;
    this.#keyspaces = keyspaces;
    this.#keeper = keeper;
    this.#causeSeed = taskSeed(context, BackgroundTask.membership, "");
  }

  /** Begins a change. `done` hears of its end, perhaps inside this call. */
  change(next: readonly NodeMember[], dead: readonly string[], done: (result: ChangeResult) => void): void {
    const { id, membership } = this.#context;
    const { state } = membership;
    if (this.#leading === state && canGiveUp(state) && isSameList(next, state.members)) {
      this.#end({ ok: false, message: "the change was given up" });
      this.#whenDone = done;
      this.#enter(steady(state.members, state.epoch + 1));
      return;
    }
    const isUnderWay = this.#entering !== null || (this.#leading !== null && !this.#isKnown(this.#leading));
    const problem = changeProblem(id, state, isUnderWay, this.#keyspaces, next, dead);
    if (problem !== null) {
      done({ ok: false, message: problem });
      return;
    }
    this.#whenDone = done;
    this.#enter(changeOf(state, next, id, dead));
  }

  /** This node has entered a phase, one of its own or another's. */
  onEntered(state: MembershipState): void {
    const isOwn = state === this.#entering || state.leader === this.#context.id;
    this.#entering = null;
    this.#stop();
    if (!isOwn) {
      this.#end({ ok: false, message: "another change came first; see what the members are now" });
      return;
    }
    // Those who leave are told as well; who is in the first phase of a change is so in all.
    if (state.next !== null || this.#audience.length === 0) this.#audience = everybody(state);
    this.#leading = state;
    this.#announce();
  }

  /** This node itself has done its part in a phase. */
  onDone(state: MembershipState): void {
    if (state === this.#leading) this.#count(this.#context.id);
  }

  /** Another node has, or knows of a later phase. */
  onAcknowledged(from: string, message: Message): void {
    const leading = this.#leading;
    const { extra } = message;
    if (extra?.kind !== "membership") return;
    const { membership, isDone } = extra;
    if (isLater(membership, this.#context.membership.state)) this.#keeper.enter(membership, message.cause);
    else if (leading !== null && isDone && !isLater(leading, membership)) this.#count(from);
  }

  /** A phase could not be logged: the change has not begun, or its next phase is tried again. */
  onNotLogged(state: MembershipState): void {
    if (state !== this.#entering) return;
    this.#entering = null;
    const message = "the disk of this node failed, so that the change could not be logged";
    if (this.#leading === null) this.#end({ ok: false, message });
  }

  onTimer(): void {
    this.#repetitions += 1;
    if (this.#entering === null) this.#advance();
    this.#announce();
  }

  #enter(state: MembershipState): void {
    this.#entering = state;
    this.#keeper.enter(state, this.#cause(state));
  }

  #count(node: string): void {
    this.#acknowledged.add(node);
    if (this.#entering === null) this.#advance();
  }

  /** The next phase, if all who must have left this one. */
  #advance(): void {
    const state = this.#leading;
    if (state === null || !this.#isKnown(state)) return;
    const next = phaseAfter(state);
    if (next !== null) this.#enter(next);
    else this.#end({ ok: true });
  }

  /** Whether all who must have left the phase before have. */
  #isKnown(state: MembershipState): boolean {
    return this.#awaited(state).every((id) => this.#acknowledged.has(id));
  }

  /** Whose word the next phase waits for. Those who have left need not know. */
  #awaited(state: MembershipState): readonly string[] {
    const joining = (state.next ?? []).filter(({ id }) => !state.members.some((member) => member.id === id));
    const isEveryNode = this.#context.policies.awaitsEveryNode() || state.next === null;
    const nodes = isEveryNode ? everybody(state) : joining;
    return nodes.map(({ id }) => id).filter((id) => !state.dead.includes(id));
  }

  /** Tells everybody who has not acknowledged, and again after a while. */
  #announce(): void {
    const state = this.#leading;
    if (state === null) return;
    const { id: own, runtime } = this.#context;
    const attempt = this.#repetitions % mostAttempts;
    const extra = { kind: "membership" as const, membership: state, isDone: false };
    const cause = this.#cause(state);
    const { incarnation } = runtime;
    for (const { id } of this.#audience) {
      if (id === own || this.#acknowledged.has(id)) continue;
      const { membership } = MessageKind;
      runtime.send(
        id,
        backgroundMessage(membership, cause, attempt, incarnation, "", state.epoch, [], [], extra),
      );
    }
    if (this.#isOver(state)) this.#stop();
    else this.#timer = runtime.after(backOffUs(this.#repetitions), this, 0, cause);
  }

  /** Whether everybody has heard of the end, or those who have not will never. */
  #isOver(state: MembershipState): boolean {
    if (state.phase !== "steady" || !this.#isKnown(state)) return false;
    return this.#repetitions >= farewells || this.#audience.every(({ id }) => this.#acknowledged.has(id));
  }

  #stop(): void {
    if (this.#timer !== null) this.#context.runtime.cancel(this.#timer);
    this.#timer = null;
    this.#leading = null;
    this.#acknowledged.clear();
    this.#repetitions = 0;
  }

  #end(result: ChangeResult): void {
    const whenDone = this.#whenDone;
    this.#whenDone = null;
    whenDone?.(result);
  }

  #cause({ epoch }: MembershipState): number {
    return causeOf(this.#causeSeed, mixHash(epoch, Math.floor(this.#repetitions / mostAttempts)));
  }
}
