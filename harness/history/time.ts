/** The store and the simulator count microseconds, histories nanoseconds: the one conversion. */
export function nsOfUs(us: number): number {
  return us * 1_000;
}

/** A time for people: microsecond steps below a second, millisecond steps above. */
export function timeText(ns: number): string {
  return ns < 1e9 ? `${(ns / 1e6).toFixed(3)} ms` : `${(ns / 1e9).toFixed(3)} s`;
}
