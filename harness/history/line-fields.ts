import { excerpt } from "../base/excerpt.ts";
import { never } from "./history.ts";
import type { HistoryValue } from "./values.ts";

/** What a field of a line must be like. */
export interface FieldRule {
  readonly isRequired: boolean;
  /** Ends "… must be". */
  readonly must: string;
  readonly test: (value: unknown) => boolean;
}

/** The rules of all fields that a kind of line may have. */
export interface FieldRules {
  readonly [field: string]: FieldRule;
}

/** The kinds of lines; `common` holds what all events have. */
export type LineKind =
  | "common"
  | "invocation"
  | "completion"
  | "header"
  | "nemesis"
  | "phase"
  | "skipped"
  | "dump"
  | "clocks";

/** How deep a value may be nested. Chosen: far beyond any register, far below the stack. */
const deepest = 32;

const isString = (value: unknown): boolean => typeof value === "string";
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && (value as number) >= 0;
const isStrings = (value: unknown): boolean => Array.isArray(value) && value.every(isString);

const required = (must: string, test: (value: unknown) => boolean): FieldRule => ({
  isRequired: true,
  must,
  test,
});
const optional = (must: string, test: (value: unknown) => boolean): FieldRule => ({
  isRequired: false,
  must,
  test,
});

const nanoseconds = "nanoseconds since the start, from 0 on";
const isTime = (time: unknown): boolean => Number.isFinite(time) && (time as number) >= 0;

const text = optional("a string", isString);
const count = optional("a whole number from 0 on", isCount);
const value = optional(`JSON without infinite numbers, at most ${deepest} deep`, isHistoryValue);

const common = {
  index: optional("a whole number from 0 on", (index) => isCount(index) && (index as number) < never),
  time: required(nanoseconds, isTime),
  process: required(
    "a whole number or a name",
    (process) => Number.isSafeInteger(process) || (isString(process) && process !== ""),
  ),
  type: required('"invoke", "ok", "fail" or "info"', (type) =>
    ["invoke", "ok", "fail", "info"].includes(type as string),
  ),
  f: required('the name of a function, such as "read"', (f) => isString(f) && f !== ""),
};

const operation = {
  ...common,
  key: text,
  value,
  keyspace: text,
  op: count,
  session: text,
  site: text,
  node: text,
};
const info = required('"info" on lines of the harness', (type) => type === "info");
const phases = ["probe", "strike", "mend", "rest", "final"];

/** The fields of each kind of line. */
export const rules: { readonly [Kind in LineKind]: FieldRules } = {
  common,
  invocation: { ...operation, w: count, r: count, consistency: text, context: text },
  completion: {
    ...operation,
    error: text,
    context: text,
    siblings: optional("a list of values", (siblings) => Array.isArray(siblings) && isHistoryValue(siblings)),
  },
  header: {
    seed: optional("a whole number", Number.isSafeInteger),
    target: text,
    claim: text,
    keyspaces: optional("a list of objects with a name", isKeyspaces),
  },
  nemesis: {
    ...common,
    type: info,
    fault: required("the number of the fault", isCount),
    kind: required("the kind of fault", isString),
    nodes: optional("a list of node ids", isStrings),
    links: optional("a list of links, from→to", isStrings),
    proof: text,
    since: optional(nanoseconds, isTime),
  },
  phase: {
    ...common,
    type: info,
    value: required(`one of ${phases.join(", ")}`, (phase) => phases.includes(phase as string)),
  },
  skipped: {
    ...common,
    type: info,
    op: required("the operation's id", isCount),
    value: required("why", isString),
  },
  dump: {
    ...common,
    type: info,
    node: required("the replica's id", isString),
    keyspace: text,
    value: required("{key: [{value, version, deleted}]}", isDump),
  },
  clocks: {
    ...common,
    type: info,
    value: required("{node: nanoseconds ahead}", isClocks),
    within: optional("nanoseconds, from 0 on", isTime),
  },
};

/** What is wrong with a field, or null. */
export function fieldError(
  name: string,
  given: HistoryValue | undefined,
  rule: FieldRule | undefined,
): string | null {
  if (rule === undefined) return null;
  if (given === undefined) return rule.isRequired ? `"${name}" is missing; it must be ${rule.must}` : null;
  if (rule.test(given)) return null;
  const shown = JSON.stringify(given, (_, inner: unknown) =>
    inner === given || !isObject(inner) ? inner : "…",
  );
  return `"${name}" is ${excerpt(shown)}; it must be ${rule.must}`;
}

/** Whether parsed JSON may stand as a value: no infinity (JSON has 1e999), not too deep. */
function isHistoryValue(given: unknown, depth = 0): boolean {
  if (depth > deepest) return false;
  if (typeof given === "number") return Number.isFinite(given);
  if (!isObject(given)) return true;
  return Object.values(given).every((inner) => isHistoryValue(inner, depth + 1));
}

function isObject(given: unknown): given is object {
  return typeof given === "object" && given !== null;
}

function isKeyspaces(given: unknown): boolean {
  return (
    Array.isArray(given) &&
    given.every((item) => isObject(item) && isString((item as { name?: unknown }).name))
  );
}

function isDump(given: unknown): boolean {
  if (!isObject(given) || Array.isArray(given)) return false;
  return Object.values(given).every((values) => Array.isArray(values) && values.every(isDumpedValue));
}

function isClocks(given: unknown): boolean {
  return isObject(given) && !Array.isArray(given) && Object.values(given).every(Number.isFinite);
}

function isDumpedValue(given: unknown): boolean {
  if (!isObject(given)) return false;
  const {
    value: held,
    version,
    deleted,
  } = given as { value?: unknown; version?: unknown; deleted?: unknown };
  return held !== undefined && isHistoryValue(held) && isString(version) && typeof deleted === "boolean";
}
