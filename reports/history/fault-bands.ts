import type { History, Mark } from "../../harness/history/history.ts";
import { cut } from "../wording.ts";

/** A moment of a history, by both measures: files without a clock have the index alone. */
export interface Moment {
  readonly index: number;
  readonly timeNs: number;
}

/** The time in which a fault was in force. */
export interface FaultBand {
  readonly label: string;
  readonly from: Moment;
  /** Null where nothing mended it. */
  readonly until: Moment | null;
}

/** Most places that a band's label names. */
const mostPlaces = 2;

/** The faults of a history, from strike to mend, in order. */
export function faultBands({ marks }: History): FaultBand[] {
  const bands: { label: string; from: Moment; until: Moment | null }[] = [];
  const open = new Map<number, { until: Moment | null }>();
  for (const mark of marks) {
    if (mark.kind === "strike") {
      const band = { label: labelOf(mark), from: momentOf(mark), until: null };
      bands.push(band);
      open.set(mark.fault, band);
    } else if (mark.kind === "mend") {
      const band = open.get(mark.fault);
      if (band !== undefined) band.until = momentOf(mark);
      open.delete(mark.fault);
    }
  }
  return bands;
}

function momentOf({ index, timeNs }: Mark): Moment {
  return { index, timeNs };
}

/** "cut n1→n2, n2→n1 +2" */
function labelOf({ faultKind, where }: Extract<Mark, { kind: "strike" | "mend" }>): string {
  const named = where.slice(0, mostPlaces).map((place) => cut(place, 16));
  const more = where.length > mostPlaces ? ` +${where.length - mostPlaces}` : "";
  return `${cut(faultKind, 20)} ${named.join(", ")}${more}`.trim();
}
