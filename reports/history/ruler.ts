/** A figure on an axis. */
export interface Figure {
  readonly at: number;
  readonly label: string;
}

/** A stretch of an axis on which time runs evenly, in microseconds and in pixels. */
export interface EvenStretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly place: (us: number) => number;
}

/** The unit in which an axis counts: the one in which sentences tell its last time. */
interface Unit {
  readonly name: string;
  readonly us: number;
}

function unitOf(lastUs: number): Unit {
  if (lastUs >= 1_000_000) return { name: "s", us: 1_000_000 };
  return lastUs >= 1_000 ? { name: "ms", us: 1_000 } : { name: "µs", us: 1 };
}

/**
 * Figures for an axis that is cut into even stretches: at 1, 2 or 5 times a power of ten, each with the room
 * that it needs. A stretch too short for one gets the time at which it begins. Times count from the history's zero.
 */
export function figuresOf(
  stretches: readonly EvenStretch[],
  usPerPx: number,
  lastUs: number,
  roomPx: number,
): Figure[] {
  const unit = unitOf(lastUs);
  const stepUs = stepOf(usPerPx * roomPx);
  const figures: Figure[] = [];
  const add = (us: number, at: number, decimals: number): void => {
    const previous = figures.at(-1);
    if (previous !== undefined && at - previous.at < roomPx * 0.75) return;
    const name = previous === undefined ? ` ${unit.name}` : "";
    figures.push({ at, label: `${shorn((us / unit.us).toFixed(decimals))}${name}` });
  };
  for (const { fromUs, toUs, place } of stretches) {
    const before = figures.length;
    for (let count = Math.ceil(fromUs / stepUs); count * stepUs <= toUs; count += 1) {
      add(count * stepUs, place(count * stepUs), decimalsFor(stepUs / unit.us));
    }
    if (figures.length === before) add(fromUs, place(fromUs), 3);
  }
  return figures;
}

/** The next of 1, 2 and 5 times powers of ten, in microseconds; nanoseconds are the finest. */
function stepOf(atLeastUs: number): number {
  let step = 0.001;
  for (;;) {
    for (const times of [1, 2, 5]) if (step * times >= atLeastUs) return step * times;
    step *= 10;
  }
}

function decimalsFor(step: number): number {
  let decimals = 0;
  for (let left = step; left < 0.999 && decimals < 6; left *= 10) decimals += 1;
  return decimals;
}

/** The same figure without zeros that say nothing. */
function shorn(figure: string): string {
  return figure.includes(".") ? figure.replace(/\.?0+$/, "") : figure;
}
