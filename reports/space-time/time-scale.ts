/** Maps true time to pixels. Long silences are cut short, and the cuts are marked. */
export interface TimeScale {
  place(us: number): number;
  readonly start: number;
  readonly end: number;
  readonly breaks: readonly TimeBreak[];
  readonly ticks: readonly TimeTick[];
}

/** A silence drawn shorter than it was. */
export interface TimeBreak {
  readonly fromUs: number;
  readonly toUs: number;
  readonly at: number;
}

export interface TimeTick {
  readonly us: number;
  readonly at: number;
  /** Null for a line without a figure. */
  readonly label: string | null;
}

/** A silence longer than this share of everything else is cut … */
const longShare = 0.8;
/** … to this share. Chosen by eye: the cut stays visible, and the rest gets the room. */
const cutShare = 0.08;

/** A stretch of time. Its weight is its length, unless it is cut short. */
export interface Piece {
  readonly fromUs: number;
  readonly toUs: number;
  readonly weight: number;
}

/** Lays out the times at which something happens from `start` to `end` pixels. `figurePx` is the room a figure needs. */
export function timeScale(
  timesUs: readonly number[],
  originUs: number,
  start: number,
  end: number,
  figurePx: number,
): TimeScale {
  const times = [...new Set([originUs, ...timesUs])].sort((a, b) => a - b);
  const folded = foldedScale(weigh(times), start, end);
  const { place, perWeight, breaks } = folded;
  const ticks = ticksOf(place, originUs, times.at(-1) ?? originUs, perWeight, figurePx, breaks);
  return { place, start, end, breaks, ticks };
}

/** A scale without figures: pieces of time after one another, each with the room that its weight asks for. */
export function foldedScale(pieces: readonly Piece[], start: number, end: number): FoldedScale {
  const total = pieces.reduce((sum, { weight }) => sum + weight, 0) || 1;
  const perWeight = (end - start) / total;
  const place = (us: number): number => {
    let at = start;
    for (const { fromUs, toUs, weight } of pieces) {
      if (us >= toUs) at += weight * perWeight;
      else if (us > fromUs) at += ((us - fromUs) / (toUs - fromUs)) * weight * perWeight;
    }
    return Math.round(at * 10) / 10;
  };
  const breaks = pieces
    .filter(({ fromUs, toUs, weight }) => weight < toUs - fromUs)
    .map(({ fromUs, toUs }) => ({ fromUs, toUs, at: (place(fromUs) + place(toUs)) / 2 }));
  return { place, perWeight, breaks };
}

/** Where times are on the paper, how many pixels an uncut unit of time has, and where silences were cut short. */
export interface FoldedScale {
  place(us: number): number;
  readonly perWeight: number;
  readonly breaks: readonly TimeBreak[];
}

function weigh(times: readonly number[]): Piece[] {
  const spans = times.slice(1).map((toUs, index) => ({ fromUs: times[index] ?? 0, toUs }));
  const cut = new Set<number>();
  // What has been cut no longer counts: a second silence is measured against what is left.
  const left = (): number =>
    spans.reduce((sum, span, index) => sum + (cut.has(index) ? 0 : lengthUs(span)), 0);
  while (spans.length - cut.size >= 4) {
    const uncut = left();
    const silence = spans.findIndex(
      (span, index) => !cut.has(index) && lengthUs(span) > longShare * (uncut - lengthUs(span)),
    );
    if (silence < 0) break;
    cut.add(silence);
  }
  const uncut = left();
  return spans.map((span, index) => ({
    ...span,
    weight: cut.has(index) ? cutShare * uncut : lengthUs(span),
  }));
}

function lengthUs({ fromUs, toUs }: { readonly fromUs: number; readonly toUs: number }): number {
  return toUs - fromUs;
}

/** 1, 2 and 5 times powers of ten, in microseconds: 0.1 ms to 100 s. */
const steps = [
  100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000, 100_000, 200_000, 500_000, 1_000_000,
];

function ticksOf(
  place: (us: number) => number,
  originUs: number,
  lastUs: number,
  pxPerUs: number,
  figurePx: number,
  breaks: readonly TimeBreak[],
): TimeTick[] {
  const step = steps.find((us) => us * pxPerUs >= figurePx) ?? 10_000_000;
  const half = step / 2;
  const ticks: TimeTick[] = [];
  for (let count = 0; originUs + count * half <= lastUs; count += 1) {
    const us = originUs + count * half;
    const at = place(us);
    if (breaks.some(({ fromUs, toUs }) => us > fromUs && us < toUs)) continue;
    const previous = ticks.findLast(({ label }) => label !== null);
    const hasRoom = previous === undefined || at - previous.at >= figurePx * 0.75;
    ticks.push({ us, at, label: count % 2 === 0 && hasRoom ? tickLabel(us - originUs) : null });
  }
  return ticks;
}

function tickLabel(us: number): string {
  return us === 0 ? "0 ms" : String(Math.round(us / 100) / 10);
}
