import { present } from "../base/invariant.ts";
import type { OperationPlan } from "../contracts/scenario.ts";
import type { Cluster, Completion, Invocation } from "../contracts/target.ts";
import type { HistoryRecorder } from "../history/recorder.ts";
import { nsOfUs } from "../history/time.ts";
import type { HistoryValue } from "../history/values.ts";
import { editValue } from "./edit-value.ts";

/**
 * How long a client waits for an answer unless its operation says otherwise, in microseconds.
 * Chosen: 40 times a mean message of 5 ms, so that only faults make clients give up.
 */
export const defaultTimeoutUs = 200_000;

/** Calls `go` once every fault planned for that time or before has struck, and has been mended if it was to be. */
export type WhenStruck = (atUs: number, go: () => void) => void;

interface Step {
  readonly plan: OperationPlan;
  /** The operation of the same client before this one. */
  readonly before: Step | null;
  state: "waiting" | "running" | "ended" | "skipped";
  completion: Completion | null;
  readonly waiters: (() => void)[];
}

/**
 * Plays the operations of a scenario: each starts at the latest of its time, the ends of the operations
 * that it comes after, and the end of its client's operation before; and not before a fault that was planned
 * to strike by then. One that lacks the value or context
 * it depends on is skipped, and the history says so.
 */
export class Interpreter {
  readonly #cluster: Cluster;
  readonly #recorder: HistoryRecorder;
  readonly #steps: readonly Step[];
  readonly #byId = new Map<number, Step>();
  readonly #processes = new Map<string, number>();
  #nextProcess = 0;
  #left = 0;
  #answered = 0;
  #invoked = 0;
  #startNs = 0;
  #done: () => void = () => {};
  readonly #whenStruck: WhenStruck;

  constructor(
    cluster: Cluster,
    recorder: HistoryRecorder,
    operations: readonly OperationPlan[],
    whenStruck: WhenStruck = (_atUs, go) => go(),
  ) {
    this.#whenStruck = whenStruck;
    this.#cluster = cluster;
    this.#recorder = recorder;
    const lastOf = new Map<string, Step>();
    this.#steps = operations.map((plan) => {
      const before = lastOf.get(plan.client) ?? null;
      const step: Step = { plan, before, state: "waiting", completion: null, waiters: [] };
      lastOf.set(plan.client, step);
      this.#byId.set(plan.id, step);
      return step;
    });
  }

  /** Operations that ended `ok`: an operation that was refused says no more about the store than an open one. */
  get answered(): number {
    return this.#answered;
  }

  /** Operations that were invoked at all. */
  get invoked(): number {
    return this.#invoked;
  }

  /** Plays everything; `done` follows when each operation has ended or was skipped. */
  start(startNs: number, done: () => void): void {
    this.#startNs = startNs;
    this.#done = done;
    this.#left = this.#steps.length + 1;
    for (const step of this.#steps) this.#arm(step);
    this.#cluster.at(startNs, () => this.#countDown());
  }

  /** Waits for the operation's turn; called again whenever something that it waited for has ended. */
  #arm(step: Step): void {
    const blocker = this.#blockerOf(step);
    if (blocker === null) {
      const { atUs, thinkUs = 0 } = step.plan;
      const plannedNs = this.#startNs + nsOfUs(atUs);
      const thoughtNs = this.#cluster.nowNs() + nsOfUs(thinkUs);
      this.#cluster.at(Math.max(plannedNs, thoughtNs), () => this.#whenStruck(atUs, () => this.#begin(step)));
    } else {
      blocker.waiters.push(() => this.#arm(step));
    }
  }

  #blockerOf(step: Step): Step | null {
    const { plan, before } = step;
    if (isOpen(before)) return before;
    for (const id of dependenciesOf(plan)) {
      const other = this.#byId.get(id);
      if (other !== undefined && isOpen(other)) return other;
    }
    return null;
  }

  #begin(step: Step): void {
    const { plan } = step;
    const missing = this.#missingFor(plan);
    if (missing !== null) {
      step.state = "skipped";
      this.#recorder.skipped(this.#cluster.nowNs(), plan.id, missing);
      this.#end(step);
      return;
    }
    step.state = "running";
    this.#invoked += 1;
    this.#invoke(step);
  }

  /** Records the operation once, however often its client tries. */
  #invoke(step: Step): void {
    const { plan } = step;
    const invocation = this.#invocationOf(plan);
    const process = this.#processOf(plan.client);
    // The spread comes last: spread first, V8 gives each object a hidden class of its own (measured: a third slower).
    const facts = { process, session: plan.session, ...invocation };
    const row = this.#recorder.invoke(this.#cluster.nowNs(), facts);
    this.#submit(step, row, invocation);
  }

  /** One try. After an unknown outcome the client may try again, which its history does not show. */
  #submit(step: Step, row: number, invocation: Invocation): void {
    this.#cluster.submit(invocation, (heard) => {
      const completion = invocation.attempt === 0 ? heard : afterUnknown(heard);
      const { retry } = step.plan;
      if (completion.type === "info" && retry !== undefined && invocation.attempt < retry.times) {
        const again = { attempt: invocation.attempt + 1, node: retry.node ?? invocation.node };
        this.#submit(step, row, { ...invocation, ...again });
      } else {
        this.#complete(step, row, completion);
      }
    });
  }

  #complete(step: Step, row: number, completion: Completion): void {
    this.#recorder.complete(row, this.#cluster.nowNs(), completion);
    // An unknown outcome may still happen: nobody may use this process again (Jepsen's rule).
    if (completion.type === "info") this.#processes.delete(step.plan.client);
    step.state = "ended";
    step.completion = completion;
    if (completion.type === "ok") this.#answered += 1;
    this.#end(step);
  }

  #end(step: Step): void {
    for (const waiter of step.waiters.splice(0)) waiter();
    this.#countDown();
  }

  #countDown(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#done();
  }

  #missingFor(plan: OperationPlan): string | null {
    if (plan.contextFrom !== undefined && this.#lacksContext(plan, plan.contextFrom)) {
      return `operation ${plan.contextFrom} gave no context`;
    }
    if (plan.valueFrom !== undefined && this.#completed(plan.valueFrom.op) === null) {
      return `operation ${plan.valueFrom.op} gave no value`;
    }
    return null;
  }

  /**
   * A write after a read that found nothing has observed nothing, and needs no context to say so. A delete or
   * remove of nothing has nothing to do; without a context it would be one of everything.
   */
  #lacksContext({ f }: OperationPlan, source: number): boolean {
    const completion = this.#completed(source);
    const needsOne = f === "delete" || f === "remove";
    return completion === null || (needsOne && completion.context === undefined);
  }

  /** The completion of an operation that ended `ok`. */
  #completed(id: number): Completion | null {
    const completion = this.#byId.get(id)?.completion ?? null;
    return completion?.type === "ok" ? completion : null;
  }

  #invocationOf(plan: OperationPlan): Invocation {
    const context = plan.contextFrom === undefined ? undefined : this.#completed(plan.contextFrom)?.context;
    return {
      op: plan.id,
      attempt: 0,
      client: plan.client,
      site: plan.site,
      node: plan.node,
      keyspace: plan.keyspace,
      key: plan.key,
      f: plan.f,
      value: this.#valueOf(plan),
      timeoutUs: plan.timeoutUs ?? defaultTimeoutUs,
      ...(plan.w === undefined ? {} : { w: plan.w }),
      ...(plan.r === undefined ? {} : { r: plan.r }),
      ...(plan.consistency === undefined ? {} : { consistency: plan.consistency }),
      ...(context === undefined ? {} : { context }),
    };
  }

  #valueOf(plan: OperationPlan): HistoryValue {
    if (plan.valueFrom === undefined) return plan.value ?? null;
    const source = present(this.#completed(plan.valueFrom.op), "the operation that the value comes from");
    const { edit } = plan.valueFrom;
    const edited = editValue(source.value, source.siblings, edit);
    return plan.f === "cas" && edit.kind !== "expect" ? [source.value, edited] : edited;
  }

  #processOf(client: string): number {
    let process = this.#processes.get(client);
    if (process === undefined) {
      process = this.#nextProcess;
      this.#nextProcess += 1;
      this.#processes.set(client, process);
    }
    return process;
  }
}

/** What is certain of one try is not certain of the operation, once an earlier try may have taken effect. */
function afterUnknown(completion: Completion): Completion {
  return completion.type === "fail" ? { ...completion, type: "info" } : completion;
}

function isOpen(step: Step | null): step is Step {
  return step !== null && (step.state === "waiting" || step.state === "running");
}

function dependenciesOf(plan: OperationPlan): number[] {
  const ids = [...(plan.after ?? [])];
  if (plan.contextFrom !== undefined) ids.push(plan.contextFrom);
  if (plan.valueFrom !== undefined) ids.push(plan.valueFrom.op);
  return ids;
}
