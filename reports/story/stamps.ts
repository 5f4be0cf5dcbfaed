import type { Scenario } from "../../harness/contracts/scenario.ts";
import type { NoteEvent } from "../evidence.ts";

/** Turns a store's version text into what a picture has room for. */
export interface Stamps {
  /** "100.012" of `@100012000 n1#3f2a.7`: seconds of the clock that stamped it, or a counter. */
  short(version: string): string;
  /** The stamp as a number, to tell which is older; null where the text is of another form. */
  time(version: string): number | null;
  readonly unit: "seconds" | "counter";
}

/** Reads the form `@TIME NODE…` that stores write; anything else is shown cut. */
function timeOf(version: string): number | null {
  const match = /^@(-?\d+)(?: |$)/.exec(version);
  return match === null ? null : Number(match[1]);
}

/** Microseconds in a second: stores stamp in microseconds. */
const second = 1_000_000;

/** Finds the fewest decimals, from milliseconds on, that keep all stamps of a trace apart. */
export function stampsOf(scenario: Scenario, notes: readonly NoteEvent[]): Stamps {
  const versions = new Set(notes.flatMap(({ version, holds }) => [version, holds?.version ?? ""]));
  const times = [...new Set([...versions].map(timeOf))].filter((time) => time !== null);
  const counts = scenario.keyspaces.every(({ protocol }) => protocol === "abd" || protocol === "caspaxos");
  const decimals = [3, 4, 5].find((count) => areApart(times, count)) ?? 6;
  const short = (version: string): string => {
    const time = timeOf(version);
    if (time === null) return version.replace(/^@/, "").slice(0, 10);
    if (counts) return String(time);
    return time < calendarUs ? (time / second).toFixed(decimals) : timeOfDay(time);
  };
  return { short, time: timeOf, unit: counts ? "counter" : "seconds" };
}

/** Stamps from here on are real dates: simulated clocks start near zero. It is the year 2001 in microseconds. */
const calendarUs = 1_000_000_000 * second;

/** "18:58:25.090": a real clock's time of day (UTC), to the millisecond. */
function timeOfDay(us: number): string {
  const ms = Math.floor(us / 1_000) % 86_400_000;
  const two = (figure: number): string => String(Math.floor(figure)).padStart(2, "0");
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1_000) % 60].map(two).join(":");
  return `${clock}.${String(ms % 1_000).padStart(3, "0")}`;
}

function areApart(times: readonly number[], decimals: number): boolean {
  return new Set(times.map((time) => (time / second).toFixed(decimals))).size === times.length;
}
