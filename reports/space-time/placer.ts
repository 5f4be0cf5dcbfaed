/** A rectangle on the paper. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** A straight line that labels should keep away from. */
export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** How much worse it is to cover another label, leave the paper, or cross a line. Chosen by eye. */
const cost = { overlap: 4, outside: 40, crossing: 26, candidate: 3 } as const;

/** Finds room for labels: of some places beside a point, the one that covers least. */
export class Placer {
  readonly #paper: Box;
  readonly #boxes: Box[] = [];
  readonly #segments: Segment[] = [];

  constructor(paper: Box) {
    this.#paper = paper;
  }

  /** Room that is taken already. */
  block(box: Box): void {
    this.#boxes.push(box);
  }

  /** A line that labels may cross, but rather not. */
  avoid(segment: Segment): void {
    this.#segments.push(segment);
  }

  /** Takes the best of the candidates; earlier ones are preferred. */
  place(candidates: readonly Box[]): Box {
    let best = candidates[0] ?? { x: 0, y: 0, width: 0, height: 0 };
    let bestCost = Number.POSITIVE_INFINITY;
    candidates.forEach((box, index) => {
      const total = this.#costOf(box) + index * cost.candidate;
      if (total >= bestCost) return;
      best = box;
      bestCost = total;
    });
    this.block(best);
    return best;
  }

  #costOf(box: Box): number {
    const covered = this.#boxes.reduce((sum, other) => sum + overlap(box, other), 0);
    const outside = box.width * box.height - overlap(box, this.#paper);
    const crossed = this.#segments.reduce((sum, segment) => sum + lengthInside(box, segment), 0);
    return covered * cost.overlap + outside * cost.outside + (crossed * cost.crossing) / 20;
  }
}

function overlap(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

/** Length of a line within a box, by sampling: exactness would not be seen. */
function lengthInside(box: Box, { x1, y1, x2, y2 }: Segment): number {
  const length = Math.sqrt((x2 - x1) * (x2 - x1) + (y2 - y1) * (y2 - y1));
  const samples = Math.max(2, Math.ceil(length / 3));
  let inside = 0;
  for (let index = 0; index <= samples; index += 1) {
    const x = x1 + ((x2 - x1) * index) / samples;
    const y = y1 + ((y2 - y1) * index) / samples;
    if (x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height) inside += 1;
  }
  return (inside * length) / samples;
}
