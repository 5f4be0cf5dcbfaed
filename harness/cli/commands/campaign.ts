import { join } from "node:path";
import { actionsOf } from "../../../nemesis/actions.ts";
import { renderMatrix } from "../../../reports/matrix.ts";
import { OperatingError } from "../../base/errors.ts";
import type { CampaignEnd } from "../../campaign/campaign.ts";
import { runCampaign } from "../../campaign/campaign.ts";
import { defaultEffort } from "../../campaign/plan.ts";
import { workerEntry } from "../../campaign/pool.ts";
import { runOn } from "../../campaign/run-scenario.ts";
import { runSlice } from "../../campaign/slice.ts";
import { StopSignal } from "../../campaign/stop-signal.ts";
import { simTarget } from "../../targets/sim-target.ts";
import { pointLatestTo } from "../files.ts";
import { onInterruption } from "../interruption.ts";
import { progressOn } from "../progress.ts";
import { registry } from "../registry.ts";
import { writeReport } from "../report-files.ts";
import { summaryLines } from "../summary.ts";
import type { TargetName } from "../target-named.ts";
import { requireEngine, targetNamed } from "../target-named.ts";
import { columnsOf, hasColour, print, printJson, tell } from "../terminal.ts";
import { ownVersion } from "../version.ts";

/** What `campaign` was asked for. */
export interface CampaignFlags {
  readonly claims?: readonly string[];
  readonly seed: number;
  readonly runs?: number;
  readonly out?: string;
  readonly json?: true;
  readonly target: TargetName;
  readonly workers?: number;
}

/** Tries rows, draws the report, and says what came of it. Gives the exit status. */
export async function campaign(flags: CampaignFlags): Promise<number> {
  const claims = flags.claims === undefined ? null : flags.claims.map(idOfRow);
  const out = flags.out ?? join("out", `${stamp(new Date())}-seed-${flags.seed}`);
  const end =
    flags.target === "sim" ? await onSimulator(flags, claims, out) : await onContainers(flags, claims, out);
  const report = writeReport(out, end.results);
  if (flags.out === undefined) pointLatestTo(out);
  if (flags.json) printJson(end.results);
  else showEnd(end, out, report);
  return end.status;
}

async function onSimulator(
  flags: CampaignFlags,
  claims: readonly string[] | null,
  out: string,
): Promise<CampaignEnd> {
  const stop = new StopSignal();
  const progress = progressOn(process.stderr);
  const listening = onInterruption(() => {
    progress.close();
    tell("stopping; what was found is kept (Ctrl-C again leaves at once)");
    stop.stop();
  });
  try {
    return await runCampaign({
      registry,
      run: runOn(simTarget, actionsOf),
      seed: flags.seed,
      version: ownVersion(),
      out,
      claims,
      effort: { ...defaultEffort, ...(flags.runs === undefined ? {} : { runs: flags.runs }) },
      ...(flags.workers === undefined ? {} : { workers: flags.workers }),
      workerEntry: workerEntry(new URL("../main", import.meta.url).href + extension()),
      stop,
      onProgress: (now) => progress.show(now),
    });
  } finally {
    progress.close();
    listening();
  }
}

/** One cluster for all settings: what needs many runs belongs to the simulator. */
async function onContainers(
  flags: CampaignFlags,
  claims: readonly string[] | null,
  out: string,
): Promise<CampaignEnd> {
  for (const name of ["runs", "workers"] as const) {
    if (flags[name] === undefined) continue;
    throw new OperatingError("usage", `--${name} is for the simulator; --target ${flags.target} has one run`);
  }
  const target = await targetNamed(flags.target, tell);
  await requireEngine(target);
  tell("one cluster in containers, all settings side by side; it takes about a minute");
  const { promise: interrupted, resolve: interrupt } = withResolvers();
  const listening = onInterruption(() => {
    tell("stopping; what was found is kept (Ctrl-C again leaves at once)");
    interrupt();
  });
  try {
    const { results, status } = await runSlice({
      registry,
      target,
      actionsOf,
      seed: flags.seed,
      version: ownVersion(),
      out,
      claims,
      interrupted,
    });
    return { results, crashes: [], status };
  } finally {
    listening();
  }
}

/** `Promise.withResolvers`, which Node 20 lacks. */
function withResolvers(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}

/** Of the files as they run: TypeScript or compiled. */
function extension(): string {
  return import.meta.url.endsWith(".ts") ? ".ts" : ".js";
}

function showEnd({ results, crashes }: CampaignEnd, folder: string, report: string): void {
  const columns = columnsOf(process.stdout);
  print(renderMatrix(results, { colour: hasColour(process.stdout), columns }));
  for (const line of summaryLines(results, crashes, { folder, report, columns })) print(line);
}

function idOfRow(asked: string): string {
  const known = registry.claims.map(({ id }) => id);
  const found = known.find((id) => id.toLowerCase() === asked.toLowerCase());
  if (found !== undefined) return found;
  throw new OperatingError("usage", `there is no claim "${asked}"; the claims are ${known.join(", ")}`);
}

/** Date and time of this machine's clock and zone, fit for a folder's name: `2026-11-21-16-05-09`. */
function stamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, "0");
  const date = [now.getFullYear(), now.getMonth() + 1, now.getDate()];
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()];
  return [...date, ...time].map(two).join("-");
}
