import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { keyName, valueText } from "../../harness/history/operation.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { anomalyOf } from "../verdicts.ts";
import { describeCall } from "./describe-call.ts";
import type { QueueStays } from "./queue-stays.ts";

/** Most operations that a sentence tells one by one. Chosen: more than that nobody follows. */
const mostTold = 12;

/** A value was dequeued that had not been enqueued by then; `enqueue` is −1 where it never was. */
export function takenTooEarly(history: History, take: number, enqueue: number): Anomaly {
  const took = describeCall(history, take);
  if (enqueue < 0)
    return anomalyOf(history, "phantom element", [take], `${took}, but nobody had enqueued it`);
  const says = `${took}, before ${describeCall(history, enqueue)}`;
  return anomalyOf(history, "phantom element", [take, enqueue], says);
}

/** A value was dequeued more often than it was enqueued, which was once. */
export function takenAgain(history: History, enqueue: number, takes: readonly number[]): Anomaly {
  const often = takes.length === 2 ? "twice" : `${takes.length} times`;
  const says = `${valueAt(history, enqueue)} was enqueued once, and dequeued ${often}`;
  return toldOf(history, "duplicated element", [enqueue, ...takes], says);
}

/** A value that had been enqueued later left before another one did. */
export function overtaken(history: History, stays: QueueStays, stay: number, overtaker: number): Anomaly {
  const rows = [stay, overtaker].flatMap((each) => rowsOfStay(stays, each));
  const [first = 0, take] = rowsOfStay(stays, stay);
  const [second = 0] = rowsOfStay(stays, overtaker);
  const ahead = `${valueAt(history, second)} left ${keyName(history, second)}`;
  const says =
    take === undefined
      ? `${ahead}, and ${valueAt(history, first)}, which was in it before, never did`
      : `${ahead} before ${valueAt(history, first)}, which was in it before`;
  return toldOf(history, "not linearizable", rows, says);
}

/** A dequeue found nothing while one of these values after the other was in. */
export function nothingFound(
  history: History,
  empty: number,
  stays: QueueStays,
  chain: readonly number[],
): Anomaly {
  const values = chain.slice(0, mostTold).map((stay) => valueAt(history, stays.enqueues[stay] ?? 0));
  const held = `${values.join(", then ")}${chain.length > mostTold ? ", and so on" : ""}`;
  const says = `${describeCall(history, empty)}, but ${keyName(history, empty)} held ${held}, all the while`;
  const rows = chain.flatMap((stay) => rowsOfStay(stays, stay));
  return toldOf(history, "not linearizable", [empty, ...rows], says, rows);
}

/** Values that had to leave because of what came after them, and too few dequeues that can have taken them. */
export function tooFewTakers(
  history: History,
  enqueues: readonly number[],
  because: readonly number[],
  takers: readonly number[],
): Anomaly {
  const values = enqueues.slice(0, mostTold).map((row) => valueAt(history, row));
  const more = enqueues.length > mostTold ? `, and ${enqueues.length - mostTold} more` : "";
  const [first = 0] = enqueues;
  const says =
    `${values.join(", ")}${more} must have left ${keyName(history, first)}, ` +
    `but only ${takers.length} dequeue${takers.length === 1 ? "" : "s"} of unknown outcome began in time`;
  return toldOf(history, "not linearizable", [...enqueues, ...because, ...takers], says);
}

/** An anomaly whose sentence ends with what was done, in order, where that is not too much. */
function toldOf(
  history: History,
  kind: "not linearizable" | "duplicated element",
  rows: readonly number[],
  says: string,
  toTell: readonly number[] = rows,
): Anomaly {
  const distinct = [...new Set(toTell)].sort((a, b) => a - b);
  if (distinct.length > mostTold) return anomalyOf(history, kind, rows, says);
  const told = distinct.map((row) => describeCall(history, row)).join("; ");
  return anomalyOf(history, kind, rows, `${says}: ${told}`);
}

/** The operations that began and ended a stay; the first alone where nobody ended it. */
function rowsOfStay({ enqueues, takes }: QueueStays, stay: number): readonly number[] {
  return [enqueues[stay] ?? 0, takes[stay] ?? 0].filter((row) => row >= 0);
}

/** The value that an enqueue put in. */
function valueAt(history: History, row: number): string {
  return valueText(history.values[cell(history.argument, row)] ?? null);
}
