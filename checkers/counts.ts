import type { History } from "../harness/history/history.ts";
import { eventsOfKey, keyEvents } from "./key-events.ts";
import { isAnsweredRead, leftBehind } from "./register-operations.ts";

/**
 * Answered reads that ran beside a write or delete of the same key. Without them a clean history says little
 * about concurrency.
 */
export function readsBesideWrites(history: History): number {
  const index = keyEvents(history);
  let total = 0;
  for (let key = 0; key < history.keys.length; key += 1)
    total += besideAt(history, eventsOfKey(index, key), index.callAt);
  return total;
}

/** A read is beside a write when one is open as it begins, or begins before it ends. */
function besideAt(history: History, events: Int32Array, callAt: Int32Array): number {
  let open = 0;
  let begun = 0;
  let beside = 0;
  const openAtCall = new Uint8Array(events.length);
  const begunAtCall = new Int32Array(events.length);
  events.forEach((event, rank) => {
    const row = event < 0 ? ~event : event;
    if (leftBehind(history, row) >= 0) {
      open += event < 0 ? -1 : 1;
      begun += event < 0 ? 0 : 1;
    } else if (isAnsweredRead(history, row)) {
      const call = callAt[row] ?? 0;
      if (event >= 0) {
        openAtCall[rank] = open > 0 ? 1 : 0;
        begunAtCall[rank] = begun;
      } else if (openAtCall[call] === 1 || begun > (begunAtCall[call] ?? 0)) beside += 1;
    }
  });
  return beside;
}
