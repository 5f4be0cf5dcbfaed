import type { Choice } from "../base/choice.ts";
import type { Checker } from "./checker.ts";
import type { Claim, FaultColumn, Setting } from "./claim.ts";
import type { FaultKind, Scenario } from "./scenario.ts";
import type { Target } from "./target.ts";

/** Everything with a name that a campaign can use. Only the command line puts one together. */
export interface Registry {
  readonly claims: readonly Claim[];
  /** (setting × fault) cells that no row covers: run to be drawn as *observed*. */
  readonly observed: readonly ObservedFamily[];
  readonly checkers: readonly Checker[];
  readonly defects: readonly DefectName[];
  readonly simulator: Target;
}

/** How to try a cell of the matrix that no row speaks of. */
export interface ObservedFamily {
  readonly setting: Setting;
  readonly fault: FaultColumn;
  readonly needs: readonly FaultKind[];
  readonly checkers: readonly string[];
  readonly family: (choice: Choice) => Scenario;
}

/** A planted defect of the store, and the real bug that it stands for. */
export interface DefectName {
  readonly name: string;
  readonly standsFor: string;
}
