import { never, Outcome } from "./history.ts";

/** Chosen: a small history costs little, and growing by half wastes at most a third. */
const firstCapacity = 64;

/** The columns of a history while it grows. */
export class Columns {
  length = 0;
  f: Uint8Array = new Uint8Array(firstCapacity);
  outcome: Uint8Array = new Uint8Array(firstCapacity);
  key: Int32Array = new Int32Array(firstCapacity);
  argument: Int32Array = new Int32Array(firstCapacity);
  argument2: Int32Array = new Int32Array(firstCapacity);
  result: Int32Array = new Int32Array(firstCapacity);
  invokeIndex: Int32Array = new Int32Array(firstCapacity);
  completeIndex: Int32Array = new Int32Array(firstCapacity);
  endIndex: Int32Array = new Int32Array(firstCapacity);
  invokedNs: Float64Array = new Float64Array(firstCapacity);
  completedNs: Float64Array = new Float64Array(firstCapacity);
  process: Int32Array = new Int32Array(firstCapacity);
  session: Int32Array = new Int32Array(firstCapacity);
  node: Int32Array = new Int32Array(firstCapacity);
  site: Int32Array = new Int32Array(firstCapacity);
  op: Int32Array = new Int32Array(firstCapacity);

  /** Makes room for one more operation and gives its row, marked as not completed. */
  add(): number {
    const row = this.length;
    if (row === this.f.length) this.#grow();
    this.length = row + 1;
    this.outcome[row] = Outcome.pending;
    this.completeIndex[row] = never;
    this.endIndex[row] = never;
    this.completedNs[row] = Number.NaN;
    return row;
  }

  /** One column after the other, so that only one of them is held twice at a time. */
  #grow(): void {
    const capacity = this.f.length + (this.f.length >>> 1);
    this.f = bytes(this.f, capacity);
    this.outcome = bytes(this.outcome, capacity);
    this.key = integers(this.key, capacity);
    this.argument = integers(this.argument, capacity);
    this.argument2 = integers(this.argument2, capacity);
    this.result = integers(this.result, capacity);
    this.invokeIndex = integers(this.invokeIndex, capacity);
    this.completeIndex = integers(this.completeIndex, capacity);
    this.endIndex = integers(this.endIndex, capacity);
    this.invokedNs = times(this.invokedNs, capacity);
    this.completedNs = times(this.completedNs, capacity);
    this.process = integers(this.process, capacity);
    this.session = integers(this.session, capacity);
    this.node = integers(this.node, capacity);
    this.site = integers(this.site, capacity);
    this.op = integers(this.op, capacity);
  }
}

function bytes(old: Uint8Array, capacity: number): Uint8Array {
  const wider = new Uint8Array(capacity);
  wider.set(old);
  return wider;
}

function integers(old: Int32Array, capacity: number): Int32Array {
  const wider = new Int32Array(capacity);
  wider.set(old);
  return wider;
}

function times(old: Float64Array, capacity: number): Float64Array {
  const wider = new Float64Array(capacity);
  wider.set(old);
  return wider;
}
