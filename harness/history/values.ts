/** A value as histories write it: JSON. `null` is "not found" and is never a written value. */
export type HistoryValue =
  | null
  | number
  | string
  | boolean
  | readonly HistoryValue[]
  | { readonly [field: string]: HistoryValue };

/** Reads `a` and `b` as the same value: by their JSON, since values are plain data. */
export function sameValue(a: HistoryValue, b: HistoryValue): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== "object" || typeof b !== "object") return false;
  return JSON.stringify(a) === JSON.stringify(b);
}
