import { OperatingError } from "../base/errors.ts";
import type { Action, Cluster, Completion, Invocation, Target } from "../contracts/target.ts";
import type { HistoryValue } from "../history/values.ts";

/** A perfect register a key on virtual time: what the interpreter is tried against. */
export function atomicTarget(options: AtomicOptions = {}): Target {
  const queue: { atNs: number; sequence: number; wake: () => void }[] = [];
  let now = 0;
  let sequence = 0;
  const later = (atNs: number, wake: () => void): (() => void) => {
    const entry = { atNs: Math.max(atNs, now), sequence, wake };
    sequence += 1;
    queue.push(entry);
    return () => {
      const index = queue.indexOf(entry);
      if (index >= 0) queue.splice(index, 1);
    };
  };
  return {
    name: "atomic",
    can: new Set(["pause"]),
    open(_scenario, _trace, done): void {
      later(0, () => done(options.openError ?? new AtomicCluster(() => now, later, options)));
    },
    drive(done): void {
      while (queue.length > 0) {
        queue.sort((a, b) => a.atNs - b.atNs || a.sequence - b.sequence);
        const entry = queue.shift();
        if (entry === undefined) break;
        now = entry.atNs;
        entry.wake();
      }
      done();
    },
  };
}

/** What this fake should get wrong. */
export interface AtomicOptions {
  readonly openError?: OperatingError;
  readonly refuses?: readonly Action["kind"][];
  /** Operations that get no answer. */
  readonly silent?: readonly number[];
  readonly heard?: Action[];
}

/** How long every operation takes. */
const serviceNs = 1_000_000;

class AtomicCluster implements Cluster {
  readonly nowNs: () => number;
  readonly at: (timeNs: number, wake: () => void) => () => void;
  readonly #options: AtomicOptions;
  readonly #values = new Map<string, HistoryValue>();

  constructor(
    nowNs: () => number,
    at: (timeNs: number, wake: () => void) => () => void,
    options: AtomicOptions,
  ) {
    this.nowNs = nowNs;
    this.at = at;
    this.#options = options;
  }

  submit(invocation: Invocation, done: (completion: Completion) => void): void {
    const { op, f, keyspace, key, value } = invocation;
    const name = `${keyspace}/${key}`;
    this.at(this.nowNs() + serviceNs, () => {
      if (f !== "read") this.#values.set(name, f === "delete" ? null : value);
      const silent = this.#options.silent?.includes(op) === true;
      const read = this.#values.get(name) ?? null;
      if (silent) done({ type: "info", value, error: "timeout" });
      else done({ type: "ok", value: f === "read" ? read : value, context: `seen-by-${op}` });
    });
  }

  act(action: Action, done: (result: { says: string } | OperatingError) => void): void {
    this.#options.heard?.push(action);
    const refused = this.#options.refuses?.includes(action.kind) === true;
    const result = refused
      ? new OperatingError("fault-not-proven", `${action.kind} had no effect`)
      : { says: action.kind };
    this.at(this.nowNs(), () => done(result));
  }

  dump(done: (replicas: []) => void): void {
    this.at(this.nowNs(), () => done([]));
  }

  close(done: () => void): void {
    this.at(this.nowNs(), done);
  }
}
