import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import { Dice } from "./dice.test-support.ts";

/** What a history for measuring is made of. */
export interface Load {
  readonly operations: number;
  readonly keys: number;
  /** Clients of each key. */
  readonly clients: number;
  /** How many different values are written; 0: each write has its own. */
  readonly values: number;
  /** In percent of the operations. */
  readonly cas: number;
  /** Writes, in percent of all writes, that nobody hears of. */
  readonly pending: number;
  /** One read, after nine tenths, that shows what was written first of all and replaced long ago. */
  readonly hasStaleRead: boolean;
}

/** Where a client is: idle, begun, taken effect. */
const Stage = { idle: 0, begun: 1, done: 2 } as const;
/** What it does. */
const Doing = { read: 0, write: 1, cas: 2 } as const;

/** Registers that are correct, but for one read: each operation takes effect at some moment of its span. */
export function busyRegisters(load: Load): History {
  return new BusyRegisters(load).run();
}

class BusyRegisters {
  readonly #load: Load;
  readonly #dice = new Dice(12_345);
  readonly #recorder = new HistoryRecorder({});
  readonly #stage: Uint8Array;
  readonly #doing: Uint8Array;
  /** By client: its row, what it expects of a cas, what it writes, and what it found. */
  readonly #row: Int32Array;
  readonly #expected: Int32Array;
  readonly #written: Int32Array;
  readonly #found: Int32Array;
  /** By key. */
  readonly #state: Int32Array;
  readonly #first: Int32Array;
  #begun = 0;
  #ended = 0;
  #timeNs = 0;
  #owesStaleRead: boolean;
  /** A client that is retired goes on under a new name. */
  readonly #process: Int32Array;

  constructor(load: Load) {
    const slots = load.keys * load.clients;
    this.#load = load;
    this.#owesStaleRead = load.hasStaleRead;
    this.#stage = new Uint8Array(slots);
    this.#doing = new Uint8Array(slots);
    this.#row = new Int32Array(slots);
    this.#expected = new Int32Array(slots);
    this.#written = new Int32Array(slots);
    this.#found = new Int32Array(slots);
    this.#process = Int32Array.from({ length: slots }, (_, slot) => slot);
    this.#state = new Int32Array(load.keys);
    this.#first = new Int32Array(load.keys);
  }

  run(): History {
    while (this.#ended < this.#load.operations) {
      const slot = this.#dice.below(this.#stage.length);
      const stage = this.#stage[slot];
      this.#timeNs += 1_000;
      if (stage === Stage.begun) this.#takeEffect(slot);
      else if (stage === Stage.done) this.#end(slot);
      else if (this.#begun < this.#load.operations) this.#begin(slot);
    }
    return this.#recorder.finish();
  }

  #begin(slot: number): void {
    const { cas, values, clients } = this.#load;
    this.#begun += 1;
    const roll = this.#dice.below(200);
    const doing = roll < 2 * cas ? Doing.cas : roll < 100 + cas ? Doing.write : Doing.read;
    const key = Math.trunc(slot / clients);
    // The value 1 is only written at first: it is what a stale read shows.
    const value = values === 0 ? this.#begun : this.#first[key] === 0 ? 1 : 2 + this.#dice.below(values);
    this.#written[slot] = value;
    const isHit = this.#dice.percent(70);
    this.#expected[slot] = isHit ? cell(this.#state, key) : value;
    this.#doing[slot] = doing;
    this.#stage[slot] = Stage.begun;
    const expected = this.#expected[slot] === 0 ? null : cell(this.#expected, slot);
    const asked =
      doing === Doing.read
        ? { f: "read" }
        : doing === Doing.write
          ? { f: "write", value }
          : { f: "cas", value: [expected, value] };
    const facts = { process: cell(this.#process, slot), key: `k${key}`, ...asked };
    this.#row[slot] = this.#recorder.invoke(this.#timeNs, facts);
  }

  #takeEffect(slot: number): void {
    const key = Math.trunc(slot / this.#load.clients);
    const state = cell(this.#state, key);
    const doing = this.#doing[slot];
    this.#found[slot] = state;
    this.#stage[slot] = Stage.done;
    if (doing === Doing.write || (doing === Doing.cas && state === this.#expected[slot])) {
      this.#state[key] = cell(this.#written, slot);
      if (this.#first[key] === 0) this.#first[key] = cell(this.#written, slot);
    }
  }

  #end(slot: number): void {
    const doing = this.#doing[slot];
    const found = cell(this.#found, slot);
    this.#stage[slot] = Stage.idle;
    this.#ended += 1;
    if (doing === Doing.write && this.#isLost(slot)) {
      this.#process[slot] = cell(this.#process, slot) + this.#stage.length;
      return;
    }
    const isRefused = doing === Doing.cas && found !== this.#expected[slot];
    const value = doing === Doing.read ? this.#shown(slot, found) : null;
    this.#recorder.complete(cell(this.#row, slot), this.#timeNs, { type: isRefused ? "fail" : "ok", value });
  }

  #isLost(slot: number): boolean {
    const isFirst = this.#load.values > 0 && this.#written[slot] === 1;
    return !isFirst && this.#dice.below(1_000) < 10 * this.#load.pending;
  }

  #shown(slot: number, found: number): number | null {
    const first = cell(this.#first, Math.trunc(slot / this.#load.clients));
    if (this.#owesStaleRead && this.#ended > 0.9 * this.#load.operations && found !== first) {
      this.#owesStaleRead = false;
      return first;
    }
    return found === 0 ? null : found;
  }
}
