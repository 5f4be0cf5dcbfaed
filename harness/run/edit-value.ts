import { unreachable } from "../base/invariant.ts";
import type { ValueEdit } from "../contracts/scenario.ts";
import type { HistoryValue } from "../history/values.ts";

/**
 * What a client makes of a value that it has read: the second half of read, modify, write. Of several
 * siblings it takes the union of their items; where they are no lists, the first of them.
 */
export function editValue(
  value: HistoryValue,
  siblings: readonly HistoryValue[] | undefined,
  edit: ValueEdit,
): HistoryValue {
  const items = (siblings ?? [value]).flatMap(itemsOf);
  switch (edit.kind) {
    case "same":
      return siblings === undefined || items.length === 0 ? value : unionOf(items);
    case "plus":
      return (typeof value === "number" ? value : 0) + edit.amount;
    case "append":
      return [...unionOf(items).filter((item) => item !== edit.item), edit.item];
    case "remove":
      return unionOf(items).filter((item) => item !== edit.item);
    case "expect":
      return [value, edit.next];
    default:
      return unreachable(edit);
  }
}

function itemsOf(value: HistoryValue): readonly HistoryValue[] {
  return Array.isArray(value) ? value : [];
}

/** Each once, in the order in which they were met. */
function unionOf(items: readonly HistoryValue[]): readonly HistoryValue[] {
  return [...new Set(items)];
}
