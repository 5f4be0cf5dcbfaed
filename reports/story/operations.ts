import { present } from "../../harness/base/invariant.ts";
import type { Scenario } from "../../harness/contracts/scenario.ts";
import type { History } from "../../harness/history/history.ts";
import { functionName } from "../../harness/history/lines.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import { shown } from "../wording.ts";

/** An operation of the shrunk run, in the words and the times of the page. */
export interface StoryOperation {
  /** Its row in the history. */
  readonly row: number;
  /** The scenario's id, which is the cause in traces; −1 where there is none. */
  readonly id: number;
  /** Place in the total order of events: what evidence names. */
  readonly invokeIndex: number;
  readonly completeIndex: number;
  /** "A", "B", … in order of appearance; "final" for the reads at the end. */
  readonly client: string;
  /** The client's own name. */
  readonly clientName: string;
  readonly node: string;
  readonly keyspace: string;
  readonly key: string;
  readonly f: string;
  readonly argument: HistoryValue;
  readonly argument2: HistoryValue;
  readonly result: HistoryValue;
  readonly outcome: "ok" | "fail" | "info" | "pending";
  readonly error: string | null;
  readonly invokedUs: number;
  readonly completedUs: number | null;
  readonly isFinal: boolean;
  readonly isEvidence: boolean;
  /** "write 1", "read", "delete", "cas 1 → 2". */
  readonly call: string;
}

/** The client of the reads at the end, whatever node they go to. */
export const finalClient = "final";

const outcomeNames = ["ok", "fail", "info", "pending"] as const;

/** All operations of a history in order of invocation. */
export function storyOperations(
  scenario: Scenario,
  history: History,
  evidence: readonly number[],
): StoryOperation[] {
  const clientOf = new Map(scenario.operations.map(({ id, client }) => [id, client]));
  const letters = new Map<string, string>();
  const operations: StoryOperation[] = [];
  for (let row = 0; row < history.length; row += 1) {
    const id = at(history.op, row);
    const planned = clientOf.get(id);
    const name = planned ?? String(history.processes[at(history.process, row)] ?? "");
    const isFinal = planned === undefined && scenario.operations.length > 0 && isAfterRest(history, row);
    const client = isFinal ? finalClient : letterOf(letters, name);
    const isEvidence = evidence.includes(at(history.invokeIndex, row));
    operations.push(operationAt(history, row, { client, clientName: name, isFinal, isEvidence }));
  }
  return operations;
}

function isAfterRest(history: History, row: number): boolean {
  const final = history.marks.find((mark) => mark.kind === "phase" && mark.phase === "final");
  return final !== undefined && at(history.invokeIndex, row) > final.index;
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

function letterOf(letters: Map<string, string>, name: string): string {
  const known = letters.get(name);
  if (known !== undefined) return known;
  const letter = alphabet[letters.size] ?? `C${letters.size + 1}`;
  letters.set(name, letter);
  return letter;
}

/** An operation of any history, under the name that its page gives to who asked. */
export function operationAt(
  history: History,
  row: number,
  told: Pick<StoryOperation, "client" | "clientName" | "isFinal" | "isEvidence">,
): StoryOperation {
  const { keyspace, key } = present(history.keys[at(history.key, row)], "the operation's key");
  const value = (ids: Int32Array): HistoryValue => history.values[at(ids, row)] ?? null;
  const completedNs = at(history.completedNs, row);
  const f = functionName(history, row);
  const argument = value(history.argument);
  const argument2 = value(history.argument2);
  return {
    row,
    id: at(history.op, row),
    invokeIndex: at(history.invokeIndex, row),
    completeIndex: at(history.completeIndex, row),
    client: told.client,
    clientName: told.clientName,
    node: history.nodes[at(history.node, row)] ?? "",
    keyspace,
    key,
    f,
    argument,
    argument2,
    result: value(history.result),
    outcome: present(outcomeNames[at(history.outcome, row)], "the operation's outcome"),
    error: history.details.get(row)?.error ?? null,
    invokedUs: at(history.invokedNs, row) / 1_000,
    completedUs: Number.isNaN(completedNs) ? null : completedNs / 1_000,
    isFinal: told.isFinal,
    isEvidence: told.isEvidence,
    call: callOf(f, argument, argument2),
  };
}

function at(column: Uint8Array | Int32Array | Float64Array, row: number): number {
  return present(column[row], "the row of the column");
}

function callOf(f: string, argument: HistoryValue, argument2: HistoryValue): string {
  if (f === "read" || f === "delete") return f;
  if (f === "cas") return `cas ${shown(argument, 10)} → ${shown(argument2, 10)}`;
  return `${f} ${shown(argument, 14)}`;
}

/** True for everything that may change a register. */
export function isUpdate({ f }: StoryOperation): boolean {
  return f !== "read";
}

/** The value that the register has once this took effect: nothing after a delete. */
export function leaves(operation: StoryOperation): HistoryValue {
  if (operation.f === "delete") return null;
  return operation.f === "cas" ? operation.argument2 : operation.argument;
}
