import { OperatingError } from "../base/errors.ts";
import type { Claim } from "../contracts/claim.ts";
import type { Scenario } from "../contracts/scenario.ts";
import { parseScenario } from "../contracts/scenario-schema.ts";
import { failure, readText } from "./files.ts";
import { registry } from "./registry.ts";

/** A scenario as it stands in a file, with the row that it is evidence for. */
export interface FiledScenario {
  readonly scenario: Scenario;
  /** Null where the scenario names none. */
  readonly claim: Claim | null;
}

/**
 * Reads a scenario's file; a pinned one (workloads/regressions) has it inside.
 *
 * @throws OperatingError `bad-scenario` with the file, the path in it, what is wrong, and what would be right
 */
export function readScenario(path: string): FiledScenario {
  const json = readJson(path);
  return inFile(path, () => {
    const scenario = parseScenario(isPinned(json) ? json.scenario : json);
    const { claim: id, defect } = scenario;
    refuseUnknown(
      "claim",
      id,
      registry.claims.map((claim) => claim.id),
    );
    refuseUnknown(
      "defect",
      defect,
      registry.defects.map(({ name }) => name),
    );
    return { scenario, claim: registry.claims.find((claim) => claim.id === id) ?? null };
  });
}

/** A file as JSON. @throws OperatingError `bad-scenario` */
export function readJson(path: string): unknown {
  const text = readText(path, "bad-scenario");
  try {
    return JSON.parse(text) as unknown;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw failure("bad-scenario", `${path} is not JSON: ${why}`, cause);
  }
}

/** Does it, and names the file in what goes wrong. */
export function inFile<Result>(path: string, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    if (error instanceof OperatingError) throw failure(error.code, `${path}: ${error.message}`, error);
    throw error;
  }
}

function isPinned(json: unknown): json is { readonly scenario: unknown } {
  return (
    typeof json === "object" &&
    json !== null &&
    Reflect.get(json, "recount") === "regression" &&
    "scenario" in json
  );
}

function refuseUnknown(field: string, name: string | undefined, known: readonly string[]): void {
  if (name === undefined || known.includes(name)) return;
  const says = `${field}: there is no ${field} ${JSON.stringify(name)}; there are ${known.join(", ")}`;
  throw new OperatingError("bad-scenario", says);
}
