import assert from "node:assert/strict";
import { OperatingError } from "../base/errors.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { Action, Cluster, Completion, Invocation, ReplicaDump, Target } from "../contracts/target.ts";
import type { TraceEvent } from "../contracts/trace.ts";
import { nsOfUs } from "../history/time.ts";
import type { HistoryValue } from "../history/values.ts";

/** Units of time that a request of the suite may take before its client gives up. */
const patience = 20;
/** How often a restarted node is asked whether it answers again. */
const mostAsks = 100;

type Step = (cluster: Cluster, next: () => void) => void;
type MessageLine = Extract<TraceEvent, { kind: "message" }>;

/** How long a write has to take, in microseconds. */
export interface Expected {
  readonly atLeastUs?: number;
  readonly lessThanUs?: number;
  readonly mayTimeOut?: boolean;
}

/** A script of steps that are played one after the other on a cluster. */
export class Steps {
  /** The id that the next operation will have. */
  nextOp = 1;
  readonly #unitUs: number;
  readonly #steps: Step[] = [];
  readonly #lines: MessageLine[] = [];

  constructor(unitUs: number) {
    this.#unitUs = unitUs;
  }

  /** Does anything; the script goes on at `next`. */
  call(step: Step): void {
    this.#steps.push(step);
  }

  write(keyspace: string, node: string, key: string, value: HistoryValue, type: Completion["type"]): void {
    this.#operation({ keyspace, node, key, f: "write", value }, (completion) => {
      assert.equal(
        completion.type,
        type,
        `the write through ${node} ended with ${JSON.stringify(completion)}`,
      );
    });
  }

  /** A write that must not succeed; whether it took effect is not said. */
  writeInVain(keyspace: string, node: string, key: string, value: HistoryValue): void {
    this.#operation({ keyspace, node, key, f: "write", value }, (completion) => {
      assert.notEqual(completion.type, "ok", `the write through ${node} succeeded`);
    });
  }

  remove(keyspace: string, node: string, key: string, type: Completion["type"]): void {
    this.#operation({ keyspace, node, key, f: "delete", value: null }, (completion) => {
      assert.equal(completion.type, type);
    });
  }

  read(keyspace: string, node: string, key: string, value: HistoryValue): void {
    this.#operation({ keyspace, node, key, f: "read", value: null }, (completion) => {
      assert.equal(
        completion.type,
        "ok",
        `the read through ${node} ended with ${JSON.stringify(completion)}`,
      );
      assert.deepEqual(completion.value, value);
    });
  }

  /** A write that has to take so long. */
  timed(keyspace: string, node: string, key: string, expected: Expected): void {
    let startNs = 0;
    this.call((cluster, next) => {
      startNs = cluster.nowNs();
      next();
    });
    this.#operation({ keyspace, node, key, f: "write", value: this.nextOp }, (completion, nowNs) => {
      const took = nowNs - startNs;
      if (expected.mayTimeOut !== true) assert.equal(completion.type, "ok");
      const { atLeastUs, lessThanUs } = expected;
      if (atLeastUs !== undefined)
        assert.ok(took >= nsOfUs(atLeastUs), `${took} ns is less than ${atLeastUs} µs`);
      if (lessThanUs !== undefined)
        assert.ok(took < nsOfUs(lessThanUs), `${took} ns is not below ${lessThanUs} µs`);
    });
  }

  /** Does something to the world that must be proven. */
  act(action: Action): void {
    this.call((cluster, next) => {
      const act = outsideTheCall(`act ${action.kind}`, (result: unknown) => {
        if (result instanceof OperatingError) throw result;
        assert.match((result as { says: string }).says, /\S/);
        next();
      });
      act.begin(() => cluster.act(action, act.done));
    });
  }

  /** Something that cannot be done to the world. */
  actInVain(action: Action): void {
    this.call((cluster, next) => {
      cluster.act(action, (result) => {
        assert.ok(result instanceof OperatingError, `${action.kind} was proven`);
        next();
      });
    });
  }

  /** Waits for that many units. */
  wait(units: number): void {
    this.call((cluster, next) => {
      cluster.at(cluster.nowNs() + nsOfUs(units * this.#unitUs), next);
    });
  }

  /** Waits until a node, which was started, answers again. */
  ready(node: string): void {
    this.call((cluster, next) => {
      const ask = (left: number): void => {
        const read = { keyspace: "all", node, key: "ready?", f: "read", value: null } as const;
        cluster.submit(this.#invocation(read), ({ type, error }) => {
          assert.ok(type === "ok" || left > 0, `${node} does not answer: ${error}`);
          if (type === "ok") next();
          else cluster.at(cluster.nowNs() + nsOfUs(this.#unitUs), () => ask(left - 1));
        });
      };
      ask(mostAsks);
    });
  }

  /** Looks at what every replica holds. */
  dump(look: (replicas: readonly ReplicaDump[]) => void): void {
    this.call((cluster, next) => {
      const dump = outsideTheCall("dump", (replicas: readonly ReplicaDump[] | OperatingError) => {
        if (replicas instanceof OperatingError) throw replicas;
        look(replicas);
        next();
      });
      dump.begin(() => cluster.dump(dump.done));
    });
  }

  /** Looks at the messages that have arrived so far; only for targets that trace them. */
  messages(look: (lines: readonly MessageLine[]) => void): void {
    this.call((_, next) => {
      look(this.#lines);
      next();
    });
  }

  /** Hears the trace. */
  hear(event: TraceEvent): void {
    if (event.kind === "message" && event.fate === "delivered") this.#lines.push(event);
  }

  /** Plays everything; the first failure ends it. */
  play(cluster: Cluster, done: (failure: unknown) => void): void {
    const next = (index: number): void => {
      const step = this.#steps[index];
      if (step === undefined) {
        done(null);
        return;
      }
      guarded(() => step(guardedCluster(cluster, done), () => next(index + 1)), done);
    };
    next(0);
  }

  #operation(
    what: Pick<Invocation, "keyspace" | "node" | "key" | "f" | "value">,
    look: (completion: Completion, nowNs: number) => void,
  ): void {
    const invocation = this.#invocation(what);
    this.call((cluster, next) => {
      const submit = outsideTheCall("submit", (completion: Completion) => {
        look(completion, cluster.nowNs());
        next();
      });
      submit.begin(() => cluster.submit(invocation, submit.done));
    });
  }

  #invocation(what: Pick<Invocation, "keyspace" | "node" | "key" | "f" | "value">): Invocation {
    const op = this.nextOp;
    this.nextOp += 1;
    return { ...what, op, attempt: 0, client: "c1", site: "s1", timeoutUs: patience * this.#unitUs };
  }
}

/** Opens a cluster, plays a script on it, closes it whatever came of it, and reports the first failure. */
export function script(
  target: Target,
  scenario: Scenario,
  unitUs: number,
  write: (steps: Steps) => void,
  done: (failure?: unknown) => void,
): void {
  const steps = new Steps(unitUs);
  write(steps);
  let failure: unknown = null;
  const hear = (event: TraceEvent): void => steps.hear(event);
  target.open(scenario, hear, (opened) => {
    if (opened instanceof OperatingError) {
      failure = opened;
      return;
    }
    let isOver = false;
    steps.play(opened, (seen) => {
      if (isOver) return;
      isOver = true;
      failure = seen;
      const close = outsideTheCall("close", () => undefined);
      close.begin(() =>
        opened.close(() =>
          guarded(
            () => close.done(undefined),
            (late) => (failure ??= late),
          ),
        ),
      );
    });
  });
  target.drive(() => (failure === null ? done() : done(failure)));
}

/** A callback that fails when it is called inside the call that took it, or twice. */
function outsideTheCall<Result>(
  what: string,
  then: (result: Result) => void,
): { begin: (call: () => void) => void; done: (result: Result) => void } {
  let isInside = false;
  let isDone = false;
  return {
    begin(call) {
      isInside = true;
      call();
      isInside = false;
    },
    done(result) {
      assert.ok(!isInside, `${what} called back inside the call`);
      assert.ok(!isDone, `${what} called back twice`);
      isDone = true;
      then(result);
    },
  };
}

function guarded(call: () => void, failed: (failure: unknown) => void): void {
  try {
    call();
  } catch (failure) {
    failed(failure);
  }
}

/** The same cluster, whose callbacks report what they throw, so that the cluster is closed all the same. */
function guardedCluster(cluster: Cluster, failed: (failure: unknown) => void): Cluster {
  const safe =
    <Result>(call: (result: Result) => void) =>
    (result: Result): void =>
      guarded(() => call(result), failed);
  const clocks: Pick<Cluster, "clocks"> =
    cluster.clocks === undefined ? {} : { clocks: (done) => cluster.clocks?.(safe(done)) };
  return {
    ...clocks,
    nowNs: () => cluster.nowNs(),
    at: (timeNs, wake) => cluster.at(timeNs, () => guarded(wake, failed)),
    submit: (invocation, done) => cluster.submit(invocation, safe(done)),
    act: (action, done) => cluster.act(action, safe(done)),
    dump: (done) => cluster.dump(safe(done)),
    close: (done) => cluster.close(done),
  };
}
