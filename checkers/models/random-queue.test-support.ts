import { dice } from "../search/random-problem.test-support.ts";
import type { Call } from "./calls.test-support.ts";

/** How histories of a queue are drawn. */
export interface QueueDraw {
  readonly operations: number;
  /** Operations that may be under way at once, those of unknown outcome not counted. */
  readonly clients: number;
  /** How many of a hundred operations have an unknown outcome. */
  readonly unknown: number;
}

/** Draws a number from 0 to one less than the bound. */
type Dice = (bound: number) => number;

/** A call whose answer and end come later. */
interface Begun {
  call: Call;
  isDone: boolean;
}

/**
 * A history with answers drawn freely, each value enqueued once: dequeues answer with any value, most of them once.
 *
 * @param empty How many of a hundred dequeues find nothing.
 */
export function anyQueue(draw: QueueDraw, empty: number, seed: number): Call[] {
  const roll = dice(seed);
  const values = Array.from({ length: Math.ceil(draw.operations / 2) }, (_, value) => value + 1);
  const toTake = [...values];
  let put = 0;
  const answer = (): number | null => {
    if (roll(100) < empty) return null;
    if (roll(100) < 3) return 1 + roll(values.length + 1);
    return toTake.splice(roll(3), 1)[0] ?? null;
  };
  const drawn = (from: number): Call =>
    put < values.length && roll(2) === 0
      ? { f: "enqueue", value: ++put, from, to: null }
      : { f: "dequeue", result: answer(), from, to: null };
  return drawCalls(draw, roll, drawn, () => undefined);
}

/** A history of a queue that works, with about so many values waiting. */
export function workingQueue(draw: QueueDraw, backlog: number, seed: number): Call[] {
  const roll = dice(seed);
  const waiting: number[] = [];
  let put = 0;
  const drawn = (from: number): Call =>
    roll(100) < (waiting.length < backlog ? 70 : 40)
      ? { f: "enqueue", value: ++put, from, to: null }
      : { f: "dequeue", from, to: null };
  return drawCalls(draw, roll, drawn, (begun) => {
    if (begun.call.f === "enqueue") waiting.push(Number(begun.call.value));
    else begun.call = { ...begun.call, result: waiting.shift() ?? null };
  });
}

/** Calls that begin, take effect and end, each at a tick of its own. */
function drawCalls(
  { operations, clients, unknown }: QueueDraw,
  roll: Dice,
  drawn: (from: number) => Call,
  takeEffect: (begun: Begun) => void,
): Call[] {
  const calls: Begun[] = [];
  const open: Begun[] = [];
  const goOn = (begun: Begun, tick: number): boolean => {
    if (begun.isDone) begun.call = { ...begun.call, to: tick };
    else takeEffect(begun);
    const isOver = begun.isDone || roll(100) < unknown;
    begun.isDone = true;
    return isOver;
  };
  for (let tick = 0; calls.length < operations || open.length > 0; tick += 1) {
    const mayBegin = calls.length < operations && open.length < clients;
    if (open.length === 0 || (mayBegin && roll(2) === 0)) {
      const begun = { call: drawn(tick), isDone: false };
      calls.push(begun);
      open.push(begun);
      continue;
    }
    const at = roll(open.length);
    const begun = open[at];
    if (begun !== undefined && goOn(begun, tick)) open.splice(at, 1);
  }
  return calls.map(({ call }) => call);
}
