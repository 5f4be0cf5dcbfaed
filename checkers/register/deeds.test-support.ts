import type { Deed } from "../history-of.test-support.ts";

type More = Partial<Deed>;

/** A write; without an end it was never answered. */
export const write = (value: number, from: number, to: number | null, more: More = {}): Deed => ({
  f: "write",
  value,
  from,
  to,
  ...more,
});

/** A read; of null it found nothing. */
export const read = (value: number | null, from: number, to: number | null, more: More = {}): Deed => ({
  f: "read",
  value,
  from,
  to,
  ...more,
});

/** A delete. */
export const erase = (from: number, to: number | null, more: More = {}): Deed => ({
  f: "delete",
  from,
  to,
  ...more,
});

/** A compare-and-set from one value to another. */
export const swap = (
  expected: number | null,
  next: number,
  from: number,
  to: number | null,
  more: More = {},
): Deed => ({ f: "cas", value: [expected, next], from, to, ...more });
