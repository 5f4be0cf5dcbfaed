import { unreachable } from "../base/invariant.ts";
import type { ValueEdit } from "../contracts/scenario.ts";
import type { HistoryValue } from "../history/values.ts";

/** What a client makes of a value that it has read: the second half of read, modify, write. */
export function editValue(value: HistoryValue, edit: ValueEdit): HistoryValue {
  switch (edit.kind) {
    case "same":
      return value;
    case "plus":
      return (typeof value === "number" ? value : 0) + edit.amount;
    case "append":
      return [...itemsOf(value).filter((item) => item !== edit.item), edit.item];
    case "remove":
      return itemsOf(value).filter((item) => item !== edit.item);
    default:
      return unreachable(edit);
  }
}

function itemsOf(value: HistoryValue): readonly HistoryValue[] {
  return Array.isArray(value) ? value : [];
}
