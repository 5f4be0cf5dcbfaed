import { Choice } from "../base/choice.ts";
import { invariant } from "../base/invariant.ts";
import type { Checker } from "../contracts/checker.ts";
import type { Claim, ClaimCell, FaultColumn, Setting } from "../contracts/claim.ts";
import type { DefectName, ObservedFamily, Registry } from "../contracts/registry.ts";
import type { FaultKind, Scenario } from "../contracts/scenario.ts";
import type { AnomalyKind } from "../history/verdict.ts";

/** What a trial is for: the two expectations of a row, a planted defect, or a cell that no row speaks of. */
export type TrialRole = "holds" | "breaks" | "defect" | "observed";

/** One thing that a campaign tries over and over: a cell of a row, with or without a planted defect. */
export interface Trial {
  /** Its place in `trialsOf`: how threads name it to each other. */
  readonly index: number;
  readonly role: TrialRole;
  /** The row, or null for an observed cell. */
  readonly claim: Claim | null;
  readonly cell: string;
  readonly setting: Setting;
  readonly fault: FaultColumn;
  readonly needs: readonly FaultKind[];
  readonly defect: DefectName | null;
  /** Fit for a folder's name, and unique in the campaign. */
  readonly slug: string;
  readonly checkers: readonly Checker[];
  /** What makes a run fail; null where any anomaly is of interest. */
  readonly anomalies: readonly AnomalyKind[] | null;
  readonly family: (choice: Choice) => Scenario;
  /** Mixed into the campaign's seed, so that each cell draws scenarios of its own. */
  readonly salt: number;
}

/** Every trial that a registry allows, in a fixed order: cells of rows, observed cells, defects. */
export function trialsOf(registry: Registry): readonly Trial[] {
  const drafts = [
    ...registry.claims.flatMap((claim) => claim.cells.map((cell) => trialOfCell(registry, claim, cell))),
    ...registry.observed.map((family) => trialOfObserved(registry, family)),
    ...registry.claims.flatMap((claim) => trialsOfDefects(registry, claim)),
  ];
  const taken = new Map<string, number>();
  return drafts.map((draft, index) => ({ ...draft, index, slug: uniqueSlug(draft.slug, taken) }));
}

/** The recorded plan of one run: same seed and index, same scenario, in whichever thread. */
export function scenarioOf(trial: Trial, seed: number, runIndex: number): Scenario {
  const drawn = trial.family(new Choice(seed ^ trial.salt, runIndex));
  if (trial.claim === null) return drawn;
  const named: Scenario = { ...drawn, claim: trial.claim.id, cell: trial.cell };
  return trial.defect === null ? named : { ...named, defect: trial.defect.name };
}

type Draft = Omit<Trial, "index">;

function trialOfCell(registry: Registry, claim: Claim, cell: ClaimCell): Draft {
  const { setting, fault, needs, family } = cell;
  return {
    role: claim.expect,
    claim,
    cell: cell.id,
    setting,
    fault,
    needs,
    defect: null,
    slug: slugOf(`${claim.id}-${cell.id}`),
    checkers: checkersNamed(registry, claim.checkers),
    anomalies: claim.anomalies,
    family,
    salt: saltOf(`${claim.id}/${cell.id}`),
  };
}

function trialOfObserved(registry: Registry, observed: ObservedFamily): Draft {
  const { setting, fault, needs, family } = observed;
  const cell = `${setting.label} · ${fault}`;
  return {
    role: "observed",
    claim: null,
    cell,
    setting,
    fault,
    needs,
    defect: null,
    slug: slugOf(`observed-${cell}`),
    checkers: checkersNamed(registry, observed.checkers),
    anomalies: null,
    family,
    salt: saltOf(`observed/${cell}`),
  };
}

/** A defect is tried on the very scenarios that the sound store was tried on: the salt is the cell's. */
function trialsOfDefects(registry: Registry, claim: Claim): Draft[] {
  return claim.defects.map(({ defect, cell }) => {
    const known = registry.defects.find(({ name }) => name === defect);
    const place = claim.cells.find(({ id }) => id === cell);
    invariant(known !== undefined, `row ${claim.id} names the unknown defect ${defect}`);
    invariant(place !== undefined, `row ${claim.id} has no cell ${cell} for the defect ${defect}`);
    const slug = slugOf(`${claim.id}-${defect}`);
    return { ...trialOfCell(registry, claim, place), role: "defect", defect: known, slug };
  });
}

function checkersNamed(registry: Registry, names: readonly string[]): readonly Checker[] {
  return names.map((wanted) => {
    const checker = registry.checkers.find(({ name }) => name === wanted);
    invariant(checker !== undefined, `there is no checker ${wanted}`);
    return checker;
  });
}

/** The text as a name for a folder: letters, figures and dashes. */
export function slugOf(text: string): string {
  return text.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
}

function uniqueSlug(slug: string, taken: Map<string, number>): string {
  const before = taken.get(slug) ?? 0;
  taken.set(slug, before + 1);
  return before === 0 ? slug : `${slug}-${before + 1}`;
}

/** FNV-1a (Fowler, Noll, Vo) over the code units. */
function saltOf(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return hash & 0x7fff_ffff;
}
