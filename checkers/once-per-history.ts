import type { History } from "../harness/history/history.ts";

/** What a function finds in a history, found once: every key and every checker of the same history shares it. */
export function oncePerHistory<Found extends object | number>(
  find: (history: History) => Found,
): (history: History) => Found {
  const known = new WeakMap<History, Found>();
  return (history) => {
    const made = known.get(history);
    if (made !== undefined) return made;
    const fresh = find(history);
    known.set(history, fresh);
    return fresh;
  };
}
