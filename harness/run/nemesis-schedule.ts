import { OperatingError } from "../base/errors.ts";
import type { FaultPlan } from "../contracts/scenario.ts";
import type { Action, Cluster, Proof } from "../contracts/target.ts";
import type { HistoryRecorder } from "../history/recorder.ts";
import { nsOfUs } from "../history/time.ts";

/** Both halves of a fault, known before anything is struck; mends can be repeated. */
export interface FaultActions {
  readonly strike: readonly Action[];
  readonly mend: readonly Action[];
  /** Node ids, or links as `from→to`, for the history. */
  readonly where: readonly string[];
}

/** Turns a planned fault into what a target can do. */
export type ActionsOf = (fault: FaultPlan) => FaultActions;

/**
 * Strikes and mends faults at their times. A fault that is not proven, or a mend that fails, makes the
 * run unknown: the first such reason is kept. `clockMoved` hears after each strike and mend of a clock.
 */
export class NemesisSchedule {
  readonly #cluster: Cluster;
  readonly #recorder: HistoryRecorder;
  readonly #faults: readonly { readonly plan: FaultPlan; readonly actions: FaultActions }[];
  readonly #struck = new Set<number>();
  /** Planned strikes and mends that are not over yet, and who waits for them. */
  readonly #ahead: { readonly atUs: number; isOver: boolean }[] = [];
  #waiting: { readonly atUs: number; readonly go: () => void }[] = [];
  #open = 0;
  #trouble: string | null = null;
  readonly #clockMoved: () => void;

  constructor(
    cluster: Cluster,
    recorder: HistoryRecorder,
    faults: readonly FaultPlan[],
    actionsOf: ActionsOf,
    clockMoved: () => void = () => {},
  ) {
    this.#clockMoved = clockMoved;
    this.#cluster = cluster;
    this.#recorder = recorder;
    this.#faults = faults.map((plan) => ({ plan, actions: actionsOf(plan) }));
  }

  /** Why the run cannot count, or null. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Runs the schedule; `done` follows when every strike, and every mend with a time of its own, is over. */
  start(startNs: number, done: () => void): void {
    const finish = (): void => {
      this.#open -= 1;
      if (this.#open === 0) done();
    };
    this.#open = 1;
    for (const { plan, actions } of this.#faults) {
      const { atUs, untilUs } = plan;
      const strike = this.#plannedAt(atUs);
      const mend = untilUs === null ? null : this.#plannedAt(untilUs);
      this.#open += 1;
      this.#cluster.at(startNs + nsOfUs(atUs), () => {
        this.#struck.add(plan.id);
        this.#apply("strike", plan, actions, () => {
          this.#over(strike);
          if (mend === null) finish();
          else
            this.#cluster.at(startNs + nsOfUs(mend.atUs), () =>
              this.#mend(plan, actions, () => {
                this.#over(mend);
                finish();
              }),
            );
        });
      });
    }
    this.#cluster.at(startNs, finish);
  }

  /**
   * Calls `go` once every strike and mend planned for that time or before is over. On real targets they take
   * time: without this, an operation planned after a fault could run before it.
   */
  whenStruck(atUs: number, go: () => void): void {
    if (this.#isStruck(atUs)) go();
    else this.#waiting.push({ atUs, go });
  }

  #plannedAt(atUs: number): { readonly atUs: number; isOver: boolean } {
    const planned = { atUs, isOver: false };
    this.#ahead.push(planned);
    return planned;
  }

  #over(planned: { isOver: boolean }): void {
    planned.isOver = true;
    const ready = this.#waiting.filter(({ atUs }) => this.#isStruck(atUs));
    this.#waiting = this.#waiting.filter(({ atUs }) => !this.#isStruck(atUs));
    for (const { go } of ready) go();
  }

  #isStruck(atUs: number): boolean {
    return this.#ahead.every((planned) => planned.isOver || planned.atUs > atUs);
  }

  /** Undoes what is still struck, last first. Tries everything before `done`. */
  mendAll(done: () => void): void {
    const left = this.#faults.filter(({ plan }) => this.#struck.has(plan.id)).reverse();
    const next = (index: number): void => {
      const fault = left[index];
      if (fault === undefined) done();
      else this.#mend(fault.plan, fault.actions, () => next(index + 1));
    };
    next(0);
  }

  #mend(plan: FaultPlan, actions: FaultActions, done: () => void): void {
    this.#struck.delete(plan.id);
    this.#apply("mend", plan, actions, done);
  }

  #apply(half: "strike" | "mend", plan: FaultPlan, actions: FaultActions, done: () => void): void {
    const proofs: string[] = [];
    const todo = half === "strike" ? actions.strike : actions.mend;
    const sinceNs = this.#cluster.nowNs();
    const next = (index: number): void => {
      const action = todo[index];
      if (action === undefined) {
        const says = { fault: plan.id, faultKind: plan.kind, where: actions.where, proof: proofs.join("; ") };
        this.#recorder[half](this.#cluster.nowNs(), { ...says, sinceNs });
        if (plan.kind === "skew") this.#clockMoved();
        done();
        return;
      }
      this.#cluster.act(action, (result) => {
        proofs.push(this.#wordsFor(half, plan, result));
        next(index + 1);
      });
    };
    next(0);
  }

  #wordsFor(half: "strike" | "mend", plan: FaultPlan, result: Proof | OperatingError): string {
    if (!(result instanceof OperatingError)) return result.says;
    const what = half === "strike" ? "could not be proven" : "could not be mended";
    this.#trouble ??= `fault ${plan.id} (${plan.kind}) ${what}: ${result.message}`;
    return `not proven: ${result.message}`;
  }
}
