import type { History } from "../harness/history/history.ts";
import { eventsOfKey, keyEvents } from "./key-events.ts";

/** The operations of a key in order of their invocations, as rows of the history. */
export function rowsOfKey(history: History, key: number): readonly number[] {
  const rows: number[] = [];
  for (const event of eventsOfKey(keyEvents(history), key)) if (event >= 0) rows.push(event);
  return rows;
}
