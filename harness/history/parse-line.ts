import { excerpt } from "../base/excerpt.ts";
import type { DumpedEntry, HistoryHeader, Mark, Phase } from "./history.ts";
import type { CompletionFacts, InvocationFacts } from "./history-builder.ts";
import type { FieldRule, FieldRules } from "./line-fields.ts";
import { fieldError, rules } from "./line-fields.ts";
import { formatVersion } from "./lines.ts";
import type { HistoryValue } from "./values.ts";

/** What one line says. */
export type ParsedLine = { readonly kind: "header"; readonly header: HistoryHeader } | ParsedEvent;

/**
 * What happened, as a line or a foreign format says it. Index and time are null where the file has none; the
 * order of its events counts then.
 */
export type ParsedEvent = { readonly index: number | null; readonly time: number | null } & (
  | { readonly kind: "invocation"; readonly facts: InvocationFacts }
  | {
      readonly kind: "completion";
      readonly process: string | number;
      readonly f: string;
      /** Undefined where the completion does not repeat what was asked; the keyspace too. */
      readonly key: string | undefined;
      readonly keyspace: string | undefined;
      readonly facts: CompletionFacts;
    }
  | { readonly kind: "mark"; readonly mark: (index: number) => Mark }
  /** A line of another harness' nemesis: nothing that a checker needs. */
  | { readonly kind: "ignored" }
);

/** Ends the reading with what is wrong. */
export type Refuse = (wrong: string) => never;

/** A line before its fields are checked. */
export interface Fields {
  readonly [field: string]: unknown;
  readonly process?: unknown;
  readonly type?: unknown;
  readonly f?: unknown;
  readonly value?: unknown;
}

/** Fields of an operation that the rules have let through. */
interface CheckedFields extends InvocationFacts {
  readonly index?: number;
  readonly time: number;
  readonly type: CompletionFacts["type"];
}

/** Reads one line by itself; what lines say together is the parser's matter. */
export function parseLine(text: string, refuse: Refuse): ParsedLine {
  const fields = parseObject(text, refuse);
  if ("recount" in fields) return parseHeader(fields, refuse);
  const event = parseEvent(fields, refuse);
  const lost = lostNumber(fields.value, text);
  if (lost !== null) {
    refuse(`"value" has a number beyond 2^53 that JSON gives other digits, ${lost}; write it as a text`);
  }
  return event;
}

/** A whole number that is not what the line says, because no number that JSON can give is; null where all are. */
function lostNumber(value: unknown, text: string): number | null {
  if (typeof value === "number") {
    const mayBeAnother = Number.isInteger(value) && !Number.isSafeInteger(value);
    return mayBeAnother && !text.includes(JSON.stringify(value)) ? value : null;
  }
  if (typeof value !== "object" || value === null) return null;
  for (const inner of Object.values(value)) {
    const lost = lostNumber(inner, text);
    if (lost !== null) return lost;
  }
  return null;
}

/** Reads the fields of one event. */
export function parseEvent(fields: Fields, refuse: Refuse): ParsedEvent {
  const { process, type } = fields;
  if (process === "harness" || process === "nemesis") {
    checkFields(fields, rules.common, refuse);
    return process === "harness" ? parseHarness(fields, refuse) : parseNemesis(fields, refuse);
  }
  return type === "invoke" ? parseInvocation(fields, refuse) : parseCompletion(fields, refuse);
}

function parseObject(text: string, refuse: Refuse): Fields {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    refuse(`not JSON: ${excerpt(text)}; each line is one JSON object`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed)) {
    refuse(`not a JSON object: ${excerpt(text)}; each line is one event such as ${exampleLine}`);
  }
  return parsed as Fields;
}

const exampleLine = '{"index":0,"time":1200,"process":0,"type":"invoke","f":"write","key":"x","value":1}';

function parseHeader(fields: Fields, refuse: Refuse): ParsedLine {
  const { recount, version, ...header } = fields;
  if (recount !== "history")
    refuse(`this is a ${excerpt(JSON.stringify(recount))} file; a history begins "recount":"history"`);
  if (version !== formatVersion) {
    refuse(
      `version ${excerpt(String(JSON.stringify(version)))} of the format is unknown; this reads version ${formatVersion}`,
    );
  }
  onlyFields(header, rules.header, refuse);
  return { kind: "header", header: header as HistoryHeader };
}

/** The fields themselves are the facts: a copy of each line would cost as much as reading it. */
function parseInvocation(fields: Fields, refuse: Refuse): ParsedEvent {
  onlyFields(fields, rules.invocation, refuse);
  if (fields.f === "cas" && !isPair(fields.value)) refuse('"value" of a cas must be [expected, new]');
  const facts = fields as unknown as CheckedFields;
  const { index = null, time, key } = facts;
  return { kind: "invocation", index, time, facts: key === undefined ? { ...facts, key: "" } : facts };
}

function parseCompletion(fields: Fields, refuse: Refuse): ParsedEvent {
  onlyFields(fields, rules.completion, refuse);
  const facts = fields as unknown as CheckedFields;
  const { index = null, time, process, f, key, keyspace } = facts;
  return { kind: "completion", index, time, process, f, key, keyspace, facts };
}

function isPair(value: unknown): boolean {
  return Array.isArray(value) && value.length === 2;
}

function parseNemesis(fields: Fields, refuse: Refuse): ParsedEvent {
  const { index, time, f } = fields as { index?: number; time: number; f: string };
  const when = { index: index ?? null, time };
  if (f !== "strike" && f !== "mend") return { kind: "ignored", ...when };
  onlyFields(fields, rules.nemesis, refuse);
  const facts = fields as {
    fault: number;
    kind: string;
    nodes?: readonly string[];
    links?: readonly string[];
    proof?: string;
    since?: number;
  };
  const { fault, kind: faultKind, nodes, links, proof = "", since: sinceNs = time } = facts;
  if (sinceNs > time) refuse(`"since" is ${sinceNs}, after its own "time" of ${time}; a fault acts first`);
  const where = links ?? nodes ?? [];
  return {
    kind: "mark",
    ...when,
    mark: (at) => ({ kind: f, index: at, timeNs: time, fault, faultKind, where, proof, sinceNs }),
  };
}

const harnessRules: ReadonlyMap<string, FieldRules> = new Map([
  ["phase", rules.phase],
  ["dump", rules.dump],
  ["skipped", rules.skipped],
  ["clocks", rules.clocks],
]);

function parseHarness(fields: Fields, refuse: Refuse): ParsedEvent {
  const { index, time, f } = fields as { index?: number; time: number; f: string };
  const when = { index: index ?? null, time };
  const rule = harnessRules.get(f);
  if (rule === undefined) {
    const known = [...harnessRules.keys()].map((name) => JSON.stringify(name)).join(", ");
    refuse(`"f" of the harness is ${excerpt(JSON.stringify(f))}; it must be one of ${known}`);
  }
  onlyFields(fields, rule, refuse);
  return { kind: "mark", ...when, mark: (at) => harnessMark(fields, f, at, time) };
}

function harnessMark(fields: Fields, f: string, index: number, timeNs: number): Mark {
  if (f === "phase") return { kind: "phase", index, timeNs, phase: fields.value as Phase };
  if (f === "skipped") {
    const { op, value } = fields as { op: number; value: string };
    return { kind: "skipped", index, timeNs, op, because: value };
  }
  if (f === "clocks") {
    const { value, within = 0 } = fields as { value: { readonly [node: string]: number }; within?: number };
    const ahead = Object.keys(value)
      .sort()
      .map((node) => ({ node, ns: value[node] ?? 0 }));
    return { kind: "clocks", index, timeNs, ahead, withinNs: within };
  }
  const {
    node,
    keyspace = "",
    value,
  } = fields as {
    node: string;
    keyspace?: string;
    value: { readonly [key: string]: DumpedEntry["values"] };
  };
  const entries = Object.keys(value)
    .sort()
    .map((key) => ({ key, values: value[key] ?? [] }));
  return { kind: "dump", index, timeNs, node, keyspace, entries };
}

/** Refuses what is missing or of the wrong form among the fields that the rule names. */
function checkFields(fields: Fields, rule: FieldRules, refuse: Refuse): void {
  for (const field of Object.keys(rule)) {
    const wrong = fieldError(field, fields[field] as HistoryValue | undefined, rule[field]);
    if (wrong !== null) refuse(wrong);
  }
}

/** The same, and refuses fields that the rule doesn't name. Each line passes here: only what it has is looked up. */
function onlyFields(fields: Fields, rule: FieldRules, refuse: Refuse): void {
  const table = tableOf(rule);
  let required = 0;
  let areRight = true;
  for (const field in fields) {
    const found = table.rules.get(field);
    if (found === undefined) {
      const known = [...table.rules.keys()].join(", ");
      refuse(`unknown field ${excerpt(JSON.stringify(field))}; known are ${known}`);
    }
    if (!found.test(fields[field])) areRight = false;
    if (found.isRequired) required += 1;
  }
  if (!areRight || required < table.required) checkFields(fields, rule, refuse);
}

interface RuleTable {
  readonly rules: ReadonlyMap<string, FieldRule>;
  /** How many of them a line must have. */
  readonly required: number;
}

const tables = new Map<FieldRules, RuleTable>();

function tableOf(rule: FieldRules): RuleTable {
  let table = tables.get(rule);
  if (table === undefined) {
    const entries = Object.entries(rule);
    table = { rules: new Map(entries), required: entries.filter(([, { isRequired }]) => isRequired).length };
    tables.set(rule, table);
  }
  return table;
}
