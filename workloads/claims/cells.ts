import type { Choice } from "../../harness/base/choice.ts";
import type { ClaimCell, FaultColumn, Setting } from "../../harness/contracts/claim.ts";
import type { FaultKind, Scenario } from "../../harness/contracts/scenario.ts";
import type { AnomalyKind } from "../../harness/history/verdict.ts";
import type { Mixable } from "../fault-column.ts";
import { mixable, needsOf } from "../fault-column.ts";

/** Less than a quarter of the rest that these rows have after the mend, so that two whole periods surely fit in. */
export const antiEntropyMs = 20;

/** What a mixed run of a row may contain. */
export type Mix = readonly (Mixable | "clock skew")[];

/** Draws a scenario of one cell. */
export type CellFamily = (choice: Choice, setting: Setting, column: FaultColumn, mix: Mix) => Scenario;

/** A cell for each setting under each fault. */
export function cellsOf(
  settings: readonly Setting[],
  columns: readonly FaultColumn[],
  family: CellFamily,
  mix: Mix = mixable,
): ClaimCell[] {
  return settings.flatMap((setting) =>
    columns.map((fault) => ({
      id: `${setting.label} · ${fault}`,
      setting,
      fault,
      needs: fault === "mixed" ? needsOfMix(mix) : needsOf(fault),
      family: (choice: Choice): Scenario => family(choice, setting, fault, mix),
    })),
  );
}

function needsOfMix(mix: Mix): readonly FaultKind[] {
  return [...new Set(mix.flatMap((column) => needsOf(column)))];
}

/** All that "not linearizable" can be called of a register without deletes, once it is looked at closely. */
export const notLinearizable: readonly AnomalyKind[] = [
  "not linearizable",
  "stale read",
  "read inversion",
  "value comes back",
  "lost write",
  "phantom value",
  "failed write visible",
];
