import type { Model, ModelOperation } from "./model.ts";

/** A text for each key, empty at first, with `get`, `put` and `append`: the store of porcupine's examples. */
export const kvModel: Model<string> = {
  name: "kv",
  partition: "key",
  initial: "",
  functions: ["get", "put", "append"],
  step(text, operation) {
    const { f, result } = operation;
    if (f === "put") return textAsked(operation);
    if (f === "append") return text + textAsked(operation);
    return result === undefined || (result ?? "") === text ? text : null;
  },
  textOf: (text) => text,
  isReadOnly: ({ f }) => f === "get",
};

function textAsked({ f, value }: ModelOperation): string {
  if (typeof value !== "string") throw new TypeError(`${f} takes a text, not ${JSON.stringify(value)}`);
  return value;
}
