import type { CompletionFacts, InvocationFacts } from "../history/history-builder.ts";
import { fieldError, rules } from "../history/line-fields.ts";
import type { Fields, ParsedEvent, Refuse } from "../history/parse-line.ts";
import { parseEvent } from "../history/parse-line.ts";
import type { HistoryValue } from "../history/values.ts";
import { shown, textOf } from "./edn-text.ts";
import type { OperationFields } from "./operation-fields.ts";
import { ownPrefix } from "./operation-fields.ts";

/** What a format's operations mean beyond their fields. */
export interface OperationRules {
  /** Every value is `[key value]`, as Jepsen writes workloads of many keys. */
  readonly isIndependent: boolean;
  /**
   * Whether a cas that failed without an error did so because it met another value, as in porcupine's logs.
   * Otherwise it is only known to have had no effect: that is what Jepsen means by `:fail`.
   */
  readonly failedCasWasRefused: boolean;
}

const completionTypes: readonly string[] = ["ok", "fail", "info"];

/** Facts that Jepsen's operations have no field for, by the names and rules of the line format. */
const ownFacts = {
  invocation: ["keyspace", "op", "session", "site", "node", "w", "r", "consistency", "context"],
  completion: ["keyspace", "context", "siblings"],
} as const;

/** Why a cas failed that doesn't say why: not necessarily because of the value that it met. */
const unsaid = "no reason given";

/** Checks the fields of an operation and says what happened; `ignored` is what another harness did to its cluster. */
export function eventOf(fields: OperationFields, meaning: OperationRules, refuse: Refuse): ParsedEvent {
  const index = orderOf(":index", fields.index, Number.isSafeInteger, refuse);
  const time = orderOf(":time", fields.time, Number.isFinite, refuse);
  const process = processOf(fields, refuse);
  const line = fields.own.get("line");
  if (line !== undefined) return { ...ownLine(line, time, refuse), index, time };
  if (process === "nemesis") return { kind: "ignored", index, time };
  if (process === "harness") return refuse(':process "harness" is taken: histories keep it for themselves');
  const { type, f } = fields;
  if (typeof f !== "string" || f === "") return refuse(`:f ${absence(f)}; it must be a name such as :read`);
  if (type === "invoke") {
    return { kind: "invocation", index, time, facts: invocationOf(fields, { process, f }, meaning, refuse) };
  }
  if (typeof type !== "string" || !completionTypes.includes(type)) {
    const given = typeof type === "string" ? `is ${shown(type)}` : absence(type);
    return refuse(`:type ${given}; it must be :invoke, :ok, :fail or :info`);
  }
  const { key, value } = keyAndValue(fields, meaning, refuse);
  const { keyspace, ...own } = ownFactsOf(fields, "completion", refuse) as OwnCompletionFacts;
  const answer = answerOf(fields, type as CompletionFacts["type"], value, meaning);
  return { kind: "completion", index, time, process, f, key, keyspace, facts: { ...answer, ...own } };
}

function absence(given: string | null | undefined): string {
  return given === undefined ? "is missing" : "is no name";
}

/** Jepsen writes −1 where it has no index or no time. */
function orderOf(
  name: string,
  given: HistoryValue | undefined,
  isRight: (given: unknown) => boolean,
  refuse: Refuse,
): number | null {
  if (given === undefined || given === null || given === -1) return null;
  if (isRight(given) && (given as number) >= 0) return given as number;
  return refuse(`${name} is ${shown(textOf(given))}; it must be a number from 0 on`);
}

function processOf({ process }: OperationFields, refuse: Refuse): string | number {
  if (typeof process === "string" && process !== "") return process;
  if (typeof process === "number" && Number.isSafeInteger(process)) return process;
  return refuse(":process is missing or of another kind; it must be a whole number or a name");
}

function invocationOf(
  fields: OperationFields,
  { process, f }: Pick<InvocationFacts, "process" | "f">,
  meaning: OperationRules,
  refuse: Refuse,
): InvocationFacts {
  const { key = "", value } = keyAndValue(fields, meaning, refuse);
  if (f === "cas" && !(Array.isArray(value) && value.length === 2)) {
    refuse(`:value of a cas is ${shown(textOf(value))}; it must be [expected new]`);
  }
  return { process, f, key, value, ...ownFactsOf(fields, "invocation", refuse) };
}

interface OwnCompletionFacts extends Pick<CompletionFacts, "context" | "siblings"> {
  readonly keyspace?: string;
}

function answerOf(
  fields: OperationFields,
  type: CompletionFacts["type"],
  value: HistoryValue,
  { failedCasWasRefused }: OperationRules,
): CompletionFacts {
  if (type === "ok") return { type, value, ...errorOf(fields.error) };
  // Where an operation did not succeed, its value often says why, as in `:info :write :timed-out`.
  const said = fields.error ?? (fields.valueIsKeyword ? value : null);
  const wasRefused = failedCasWasRefused || fields.own.get("refused") === true;
  const error = said === null && type === "fail" && fields.f === "cas" && !wasRefused ? unsaid : said;
  return { type, value: null, ...errorOf(error) };
}

function errorOf(error: HistoryValue | undefined): { error?: string } {
  return error === undefined || error === null ? {} : { error: textOf(error) };
}

interface KeyAndValue {
  /** Undefined where the operation does not say. */
  readonly key: string | undefined;
  readonly value: HistoryValue;
}

function keyAndValue(
  fields: OperationFields,
  { isIndependent }: OperationRules,
  refuse: Refuse,
): KeyAndValue {
  const { key, value = null } = fields;
  if (key !== undefined && key !== null) return { key: textOf(key), value };
  if (!isIndependent) return { key: undefined, value };
  if (Array.isArray(value) && value.length === 2)
    return { key: textOf(value[0] ?? null), value: value[1] ?? null };
  if (fields.type !== "invoke" && (value === null || fields.valueIsKeyword)) return { key: undefined, value };
  return refuse(`:value is ${shown(textOf(value))}; of independent keys it must be [key value]`);
}

function ownFactsOf(
  { own }: OperationFields,
  kind: keyof typeof ownFacts,
  refuse: Refuse,
): { [name: string]: HistoryValue } {
  const facts: { [name: string]: HistoryValue } = {};
  if (own.size === 0) return facts;
  for (const name of ownFacts[kind]) {
    const value = own.get(name);
    const wrong = fieldError(`:${ownPrefix}${name}`, value, rules[kind][name]);
    if (wrong !== null) refuse(wrong);
    if (value !== undefined) facts[name] = value;
  }
  return facts;
}

/** A line of our own harness, which the format has no other place for. */
function ownLine(line: HistoryValue, time: number | null, refuse: Refuse): ParsedEvent {
  const fields = { ...(line as Fields), time: time ?? 0, type: "info" };
  if (fields.process !== "harness" && fields.process !== "nemesis") {
    return refuse(
      `:${ownPrefix}line is ${shown(textOf(line))}; it must be a line of the harness or its nemesis`,
    );
  }
  return parseEvent(fields, refuse);
}
