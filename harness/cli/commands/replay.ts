import { createHash } from "node:crypto";
import { checkersOfAnyRun } from "../../../checkers/registry.ts";
import { actionsOf } from "../../../nemesis/actions.ts";
import { counted, listed } from "../../../reports/wording.ts";
import { exitStatus, OperatingError } from "../../base/errors.ts";
import { unknownBecause } from "../../campaign/search.ts";
import type { Claim } from "../../contracts/claim.ts";
import type { Run } from "../../contracts/run.ts";
import type { Target } from "../../contracts/target.ts";
import { historyText } from "../../history/journal.ts";
import type { Anomaly } from "../../history/verdict.ts";
import { anomaliesOf } from "../../run/judge.ts";
import { run } from "../../run/run.ts";
import { atRealPace } from "../../targets/real-time.ts";
import { HistoryFile } from "../history-file.ts";
import { registry } from "../registry.ts";
import type { FiledScenario } from "../scenario-file.ts";
import { inFile, readScenario } from "../scenario-file.ts";
import type { TargetName } from "../target-named.ts";
import { refuseInexpressible, requireEngine, targetNamed } from "../target-named.ts";
import { columnsOf, print, printJson, tell, wrap } from "../terminal.ts";

/** What `replay` was asked for. */
export interface ReplayFlags {
  readonly target: TargetName;
  readonly json?: true;
  /** Where the history goes. */
  readonly out?: string;
}

/** What came of a replay; with `--json`, this is printed. */
interface Replay {
  readonly recount: "replay";
  readonly version: 1;
  readonly file: string;
  readonly target: string;
  readonly claim: string | null;
  readonly outcome: "reproduced" | "notReproduced" | "unknown";
  /** Why it is unknown; null otherwise. */
  readonly because: string | null;
  /** SHA-256 of the history file, in hexadecimal. */
  readonly digest: string;
  readonly operations: number;
  readonly answered: number;
  readonly anomalies: readonly Anomaly[];
  readonly verdicts: Run["verdicts"];
}

/** Runs the scenario of a file once more, and says whether it shows what it is evidence for. */
export async function replay(file: string, flags: ReplayFlags): Promise<number> {
  const filed = readScenario(file);
  const target = await targetNamed(flags.target, tell);
  refuseInexpressible(filed.scenario, target);
  await requireEngine(target);
  const ended = await runOnce(file, pacedFor(target, filed), target, flags.out);
  const result = judged(file, filed.claim, target, ended);
  if (flags.json) printJson(result);
  else show(result, filed.claim);
  return statusOf(result);
}

function pacedFor({ name }: Target, filed: FiledScenario): FiledScenario {
  if (name === "sim") return filed;
  const { scenario, slowedBy } = atRealPace(filed.scenario);
  if (slowedBy > 1) tell(`the schedule is slowed down ${slowedBy} times, to the pace of real faults`);
  return { ...filed, scenario };
}

async function runOnce(
  file: string,
  { scenario, claim }: FiledScenario,
  target: Target,
  out: string | undefined,
): Promise<Run> {
  const checkers =
    claim === null ? checkersOfAnyRun : registry.checkers.filter(({ name }) => claim.checkers.includes(name));
  const journal = out === undefined ? null : new HistoryFile(out);
  const world = { target, checkers, actionsOf, ...(journal === null ? {} : { journal }) };
  const ended = await new Promise<Run | OperatingError>((resolve) => run(scenario, world, resolve));
  if (ended instanceof OperatingError) {
    journal?.drop();
    return inFile(file, () => {
      throw ended;
    });
  }
  journal?.keep();
  return ended;
}

function judged(file: string, claim: Claim | null, target: Target, ended: Run): Replay {
  const anomalies = anomaliesOf(ended);
  const because = unknownBecause(ended);
  const shows = anomalies.some((anomaly) => isExpected(claim, anomaly));
  const known = shows ? "reproduced" : "notReproduced";
  return {
    recount: "replay",
    version: 1,
    file,
    target: target.name,
    claim: claim?.id ?? null,
    outcome: because === null ? known : "unknown",
    because,
    digest: createHash("sha256").update(historyText(ended.history)).digest("hex"),
    operations: ended.operations,
    answered: ended.answered,
    anomalies,
    verdicts: ended.verdicts,
  };
}

/** A scenario that names no row is evidence for whatever it shows. */
function isExpected(claim: Claim | null, { kind }: Anomaly): boolean {
  return claim === null || claim.anomalies.includes(kind);
}

function statusOf({ outcome }: Replay): number {
  if (outcome === "unknown") return exitStatus.unknown;
  return outcome === "reproduced" ? exitStatus.asExpected : exitStatus.contradicted;
}

function show(result: Replay, claim: Claim | null): void {
  const { file, target, operations, answered, digest, anomalies } = result;
  const columns = columnsOf(process.stdout);
  const row = claim === null ? "no claim" : `claim ${claim.id}`;
  print(`${file} on ${target}, ${row}: ${counted(operations, "operation")}, ${answered} answered`);
  print(wrap(sentenceOf(result, claim), columns, 2));
  const others = anomalies.filter((anomaly) => !isExpected(claim, anomaly));
  for (const { kind, says } of others) print(wrap(`also ${kind}: ${says}`, columns, 2));
  print(`history sha256 ${digest}`);
}

function sentenceOf({ outcome, because, anomalies }: Replay, claim: Claim | null): string {
  if (outcome === "unknown") return `unknown: ${because}`;
  const shown = anomalies.find((anomaly) => isExpected(claim, anomaly));
  if (shown !== undefined) return `reproduced: ${shown.kind}: ${shown.says}`;
  return `not reproduced: no ${claim === null ? "anomaly" : listed(claim.anomalies, "or")}`;
}
