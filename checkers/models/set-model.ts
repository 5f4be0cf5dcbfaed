import type { HistoryValue } from "../../harness/history/values.ts";
import type { Model, ModelOperation } from "./model.ts";

/** The JSON of the elements, ascending. */
type Elements = readonly string[];

const functions = ["add", "remove", "contains", "read", "delete"];

/**
 * A set of values: `add` and `remove` one, `contains` answers true or false, `read` answers a list of all in any
 * order, null for none, `delete` removes all.
 */
export const setModel: Model<Elements> = {
  name: "set",
  partition: "key",
  initial: [],
  functions,
  step: stepSet,
  isReadOnly: ({ f }) => f === "read" || f === "contains",
};

function stepSet(elements: Elements, { f, value, result }: ModelOperation): Elements | null {
  const element = JSON.stringify(value);
  if (f === "delete") return [];
  if (f === "remove") return elements.filter((each) => each !== element);
  if (f === "add") return elements.includes(element) ? elements : [...elements, element].sort();
  if (result === undefined) return elements;
  const isRight = f === "read" ? isListOf(elements, result) : elements.includes(element) === result;
  return isRight ? elements : null;
}

function isListOf(elements: Elements, result: HistoryValue): boolean {
  const listed = result === null ? [] : result;
  if (!Array.isArray(listed)) return false;
  const texts = listed.map((each: HistoryValue) => JSON.stringify(each)).sort();
  return texts.length === elements.length && texts.every((text, at) => text === elements[at]);
}
