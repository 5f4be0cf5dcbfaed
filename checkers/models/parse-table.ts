import type { ModelTable } from "./table-model.ts";

/** What a field of a table must be like. */
interface Rule {
  readonly isRequired: boolean;
  /** Ends "… must be". */
  readonly must: string;
  readonly test: (value: unknown) => boolean;
}

const isText = (value: unknown): boolean => typeof value === "string" && value !== "";
const isTexts = (value: unknown): boolean => Array.isArray(value) && value.length > 0 && value.every(isText);
const text: Rule = { isRequired: true, must: "a text", test: isText };
const anything: Rule = { isRequired: false, must: "JSON", test: () => true };

const tableRules: Readonly<Record<string, Rule>> = {
  name: text,
  partition: {
    isRequired: false,
    must: '"key" or "whole"',
    test: (value) => value === "key" || value === "whole",
  },
  initial: {
    isRequired: true,
    must: "a state or a list of states",
    test: (value) => isText(value) || isTexts(value),
  },
  transitions: {
    isRequired: true,
    must: "a list of {from, f, to}",
    test: (value) => Array.isArray(value) && value.length > 0,
  },
};

const transitionRules: Readonly<Record<string, Rule>> = {
  from: text,
  f: text,
  value: anything,
  result: anything,
  outcome: {
    isRequired: false,
    must: '"ok" or "fail"',
    test: (value) => value === "ok" || value === "fail",
  },
  to: text,
};

/** Reads a model's table from JSON; what is wrong with it is thrown as a `TypeError` that names the field. */
export function parseModelTable(json: string): ModelTable {
  const table: unknown = JSON.parse(json);
  checkFields(table, tableRules, "the table");
  const { transitions } = table as { transitions: readonly unknown[] };
  transitions.forEach((transition, at) => {
    checkFields(transition, transitionRules, `transitions[${at}]`);
  });
  return table as ModelTable;
}

function checkFields(given: unknown, rules: Readonly<Record<string, Rule>>, where: string): void {
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    throw new TypeError(`${where} must be an object, not ${JSON.stringify(given)}`);
  }
  const fields = new Map<string, unknown>(Object.entries(given));
  for (const name of fields.keys()) {
    if (Object.hasOwn(rules, name)) continue;
    throw new TypeError(`${where} has an unknown field ${name}; known are ${Object.keys(rules).join(", ")}`);
  }
  for (const [name, { isRequired, must, test }] of Object.entries(rules)) {
    const value = fields.get(name);
    if (value === undefined && !isRequired) continue;
    if (!test(value))
      throw new TypeError(`${name} of ${where} must be ${must}, not ${JSON.stringify(value)}`);
  }
}
