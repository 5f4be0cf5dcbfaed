import type { History, Mark } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import { timeText } from "../../harness/history/time.ts";

type FaultMark = Extract<Mark, { kind: "strike" | "mend" }>;

/** When a fault was there: from before its strike was recorded until its mend was. */
export interface FaultWindow {
  readonly fault: number;
  /** Of the fault: `kill`, `cut` and so on. */
  readonly kind: string;
  /** Node ids, or links as `from→to`. */
  readonly where: readonly string[];
  readonly strike: FaultMark;
  /** Null where the history ends before. */
  readonly mend: FaultMark | null;
}

/** Faults by their strikes, in order. A mend ends what its fault struck last; one without a strike says nothing. */
export function faultWindows(history: History): FaultWindow[] {
  const windows: { -readonly [Field in keyof FaultWindow]: FaultWindow[Field] }[] = [];
  const open = new Map<number, number>();
  for (const mark of history.marks) {
    if (mark.kind === "strike") {
      open.set(mark.fault, windows.length);
      const { fault, faultKind: kind, where } = mark;
      windows.push({ fault, kind, where, strike: mark, mend: null });
    } else if (mark.kind === "mend") {
      const window = windows[open.get(mark.fault) ?? -1];
      open.delete(mark.fault);
      if (window !== undefined) window.mend = mark;
    }
  }
  return windows;
}

/** Index of the mark that ends a window; `never` where none does. */
export function endOfWindow({ mend }: FaultWindow): number {
  return mend?.index ?? never;
}

/** Places that a fault's name lists. Chosen: a sentence stays a sentence. */
const mostPlaces = 3;

/** A fault as measures name it: `fault 3 (kill n2)`. */
export function faultText({ fault, kind, where }: FaultWindow): string {
  const shown = where.slice(0, mostPlaces).join(", ");
  const more = where.length > mostPlaces ? ` and ${where.length - mostPlaces} more` : "";
  return `fault ${fault} (${kind}${shown === "" ? "" : ` ${shown}`}${more})`;
}

/** The same with its time, as sentences name it: `fault 3 (kill n2) since 1.000 s`. */
export function faultSince(window: FaultWindow): string {
  return `${faultText(window)} since ${timeText(window.strike.timeNs)}`;
}

/** The ends of a link, or null where it is a node. */
export function endsOfLink(place: string): readonly [from: string, to: string] | null {
  const [from, to] = place.split("→");
  return from === undefined || to === undefined ? null : [from, to];
}
