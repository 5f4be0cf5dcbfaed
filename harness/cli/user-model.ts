import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type { HistoryModel } from "../../checkers/check-history.ts";
import { historyModels } from "../../checkers/check-history.ts";
import type { Model } from "../../checkers/models/model.ts";
import { parseModelTable } from "../../checkers/models/parse-table.ts";
import { tableModel } from "../../checkers/models/table-model.ts";
import { OperatingError } from "../base/errors.ts";
import { failure } from "./files.ts";

const example =
  'export const model = { name: "counter", partition: "key", initial: 0, step: (state, operation) => … }';

/** What each part of a model must be like; all but the first four may be left out. */
const parts: readonly (readonly [name: string, must: string, isRight: (part: unknown) => boolean])[] = [
  ["name", "a text", (part) => typeof part === "string" && part !== ""],
  ["partition", '"key" or "whole"', (part) => part === "key" || part === "whole"],
  ["initial", "a state, which is plain data", (part) => part !== undefined],
  ["step", "a function from a state and an operation to a state, or null", isFunction],
  ["functions", "a list of names", isNames],
  ["refusals", "a list of names", isNames],
  ["textOf", "a function from a state to a text", isFunction],
  ["isReadOnly", "a function from an operation to true or false", isFunction],
];
const required = 4;

/** Whether `--model` names a file rather than one of our models. */
function isPath(name: string): boolean {
  return /[./\\]/.test(name);
}

/**
 * The model that was asked for: one of ours by its name, or somebody's own by the path of a module that exports it
 * as `model`, or of a table in a `.json` file. Null where none was.
 *
 * @throws OperatingError `usage`
 */
export async function modelNamed(name: string | undefined): Promise<HistoryModel | Model | null> {
  if (name === undefined) return null;
  const known = historyModels.find((each) => each === name);
  if (known !== undefined) return known;
  if (isPath(name)) return userModel(name);
  const names = historyModels.join(", ");
  throw new OperatingError(
    "usage",
    `there is no model "${name}"; the models are ${names}, or the path of a file such as ./my-model.ts`,
  );
}

async function userModel(path: string): Promise<Model> {
  if (path.endsWith(".json")) return modelOfTable(path);
  let exported: Readonly<Record<string, unknown>>;
  try {
    exported = await import(pathToFileURL(resolve(path)).href);
  } catch (cause) {
    throw failure("usage", `--model ${path}: cannot be loaded: ${whyNot(cause)}`, cause);
  }
  const model: unknown = exported["model"];
  if (typeof model !== "object" || model === null) {
    throw new OperatingError("usage", `--model ${path}: exports no "model"; it must be ${example}`);
  }
  const wrong = wrongPart(model as Readonly<Record<string, unknown>>);
  if (wrong !== null) throw new OperatingError("usage", `--model ${path}: ${wrong}`);
  return model as Model;
}

/** A table of transitions is all that a small model needs. */
function modelOfTable(path: string): Model {
  try {
    return tableModel(parseModelTable(readFileSync(path, "utf8"))) as Model;
  } catch (cause) {
    throw failure("usage", `--model ${path}: ${whyNot(cause)}`, cause);
  }
}

function wrongPart(model: Readonly<Record<string, unknown>>): string | null {
  for (const [at, [name, must, isRight]] of parts.entries()) {
    const part = model[name];
    if (part === undefined && at >= required) continue;
    if (!isRight(part)) return `"${name}" of the model must be ${must}`;
  }
  return null;
}

/** The first line of what the loader says: the rest is its stack. */
function whyNot(cause: unknown): string {
  const code = (cause as { code?: unknown }).code;
  if (code === "ERR_UNKNOWN_FILE_EXTENSION")
    return "this Node runs no TypeScript; give it as JavaScript, .mjs";
  const text = cause instanceof Error ? cause.message : String(cause);
  return text.split("\n")[0] ?? text;
}

function isFunction(part: unknown): boolean {
  return typeof part === "function";
}

function isNames(part: unknown): boolean {
  return Array.isArray(part) && part.every((name) => typeof name === "string");
}
