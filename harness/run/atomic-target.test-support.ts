import { OperatingError } from "../base/errors.ts";
import type { Action, ClockReading, Cluster, Completion, Invocation, Target } from "../contracts/target.ts";
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
  /** Tries, as `op.attempt`, that get no answer, or are refused. */
  readonly silentTries?: readonly string[];
  readonly refusedTries?: readonly string[];
  /** What clients asked. */
  readonly asked?: Invocation[];
  /** What reads of these operations find, beside the value, as siblings. */
  readonly siblings?: Readonly<Record<number, readonly HistoryValue[]>>;
  readonly heard?: Action[];
  /** How long it takes to do and to prove something to the world, in nanoseconds; nothing unless said. */
  readonly actNs?: number;
  /** What clocks show, reading by reading; without it nobody can tell. */
  readonly clocks?: readonly (ClockReading | OperatingError)[];
}

/** How long every operation takes. */
const serviceNs = 1_000_000;

class AtomicCluster implements Cluster {
  readonly nowNs: () => number;
  readonly at: (timeNs: number, wake: () => void) => () => void;
  readonly #options: AtomicOptions;
  readonly #values = new Map<string, HistoryValue>();
  readonly clocks?: (done: (reading: ClockReading | OperatingError) => void) => void;

  constructor(
    nowNs: () => number,
    at: (timeNs: number, wake: () => void) => () => void,
    options: AtomicOptions,
  ) {
    this.nowNs = nowNs;
    this.at = at;
    this.#options = options;
    const { clocks } = options;
    if (clocks === undefined) return;
    let readings = 0;
    this.clocks = (done) => {
      const reading = clocks[readings] ?? { ahead: [], withinNs: 0 };
      readings += 1;
      at(nowNs(), () => done(reading));
    };
  }

  submit(invocation: Invocation, done: (completion: Completion) => void): void {
    this.#options.asked?.push(invocation);
    this.at(this.nowNs() + serviceNs, () => done(this.#answer(invocation)));
  }

  #answer({ op, attempt, f, keyspace, key, value }: Invocation): Completion {
    const { silent = [], silentTries = [], refusedTries = [], siblings = {} } = this.#options;
    const attempted = `${op}.${attempt}`;
    if (refusedTries.includes(attempted)) return { type: "fail", value, error: "connection refused" };
    const name = `${keyspace}/${key}`;
    if (f !== "read") this.#values.set(name, f === "delete" ? null : value);
    if (silent.includes(op) || silentTries.includes(attempted)) {
      return { type: "info", value, error: "timeout" };
    }
    const found = f === "read" ? (this.#values.get(name) ?? null) : value;
    if (found === null) return { type: "ok", value: null };
    return { type: "ok", value: found, context: `seen-by-${op}`, ...siblingsOf(siblings[op]) };
  }

  act(action: Action, done: (result: { says: string } | OperatingError) => void): void {
    this.#options.heard?.push(action);
    const refused = this.#options.refuses?.includes(action.kind) === true;
    const result = refused
      ? new OperatingError("fault-not-proven", `${action.kind} had no effect`)
      : { says: action.kind };
    this.at(this.nowNs() + (this.#options.actNs ?? 0), () => done(result));
  }

  dump(done: (replicas: []) => void): void {
    this.at(this.nowNs(), () => done([]));
  }

  close(done: () => void): void {
    this.at(this.nowNs(), done);
  }
}

function siblingsOf(siblings: readonly HistoryValue[] | undefined): Pick<Completion, "siblings"> {
  return siblings === undefined ? {} : { siblings };
}
