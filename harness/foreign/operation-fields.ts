import type { HistoryValue } from "../history/values.ts";
import type { EdnText } from "./edn-text.ts";
import { shown, textOf } from "./edn-text.ts";

/** An operation as messages show it. */
export const exampleOperation = "{:type :invoke, :f :read, :process 0, :value nil}";

/** What fields of our own begin with: facts that Jepsen's operations have no field for. */
export const ownPrefix = "recount/";

const nothingOfOurs: ReadonlyMap<string, HistoryValue> = new Map();

/** The fields of an operation, before they are checked. Undefined where there is none, null where it is no name. */
export class OperationFields {
  type: string | null | undefined = undefined;
  f: string | null | undefined = undefined;
  process: HistoryValue | undefined = undefined;
  time: HistoryValue | undefined = undefined;
  index: HistoryValue | undefined = undefined;
  key: HistoryValue | undefined = undefined;
  value: HistoryValue | undefined = undefined;
  /** Whether the value is a keyword, and no text that looks like one. */
  valueIsKeyword = false;
  error: HistoryValue | undefined = undefined;
  /** Fields of our own by their names without the prefix. */
  own: ReadonlyMap<string, HistoryValue> = nothingOfOurs;
}

/** Reads one operation; null where the form is one that is discarded. What else the map has is read and dropped. */
export function readOperation(form: EdnText): OperationFields | null {
  if (form.isAtEnd()) return null;
  while (form.takesTag()) {
    // A record is a map to us, whatever it is called.
  }
  if (!form.takes("{")) form.refuse(`an operation is a map such as ${exampleOperation}`);
  const fields = new OperationFields();
  while (!form.takes("}")) readField(form, fields);
  if (!form.isAtEnd()) form.refuse("something follows the operation; each is one map");
  return fields;
}

function readField(form: EdnText, fields: OperationFields): void {
  const name = form.name() ?? textOf(form.value(1));
  switch (name) {
    case "type":
    case "f":
      refuseSecond(form, name, fields[name]);
      fields[name] = form.name() ?? form.dropped();
      return;
    case "process":
      refuseSecond(form, name, fields.process);
      fields.process = form.name() ?? form.value(1);
      return;
    case "value":
      refuseSecond(form, name, fields.value);
      fields.valueIsKeyword = form.isKeywordNext();
      fields.value = form.value(1);
      return;
    case "time":
    case "index":
    case "key":
    case "error":
      refuseSecond(form, name, fields[name]);
      fields[name] = form.value(1);
      return;
    default:
      readOther(form, fields, name);
  }
}

function refuseSecond(form: EdnText, name: string, first: HistoryValue | undefined): void {
  if (first !== undefined) form.refuse(`the field ${shown(name)} occurs twice`);
}

function readOther(form: EdnText, fields: OperationFields, name: string): void {
  const value = form.value(1);
  if (!name.startsWith(ownPrefix)) return;
  refuseSecond(form, name, fields.own.get(name.slice(ownPrefix.length)));
  fields.own = new Map([...fields.own, [name.slice(ownPrefix.length), value]]);
}
