import type { Counts } from "./counts.ts";
import { noCounts } from "./counts.ts";
import type { Answer, Job, SearchJob } from "./jobs.ts";
import type { Ledger } from "./ledger.ts";
import type { Lane } from "./pool.ts";
import type { Schedule } from "./schedule.ts";
import type { StopSignal } from "./stop-signal.ts";

/** What the lanes of a campaign share. */
export interface WorkBench {
  readonly schedule: Schedule;
  readonly ledger: Ledger;
  readonly stop: StopSignal;
  /** Called whenever something was taken in. */
  readonly report: () => void;
}

/** Keeps all lanes busy until nothing is left to do, or the campaign is stopped; then closes them. */
export async function workOff(lanes: readonly Lane[], bench: WorkBench): Promise<void> {
  const crew: Crew = { underWay: 0, hasFailed: false, waiting: [] };
  try {
    await Promise.all(lanes.map((lane) => keepBusy(lane, bench, crew)));
  } finally {
    await Promise.all(lanes.map((lane) => lane.close()));
  }
}

/** Jobs under way in all lanes, and the lanes that wait for one of them to bring new jobs. */
interface Crew {
  underWay: number;
  /** Something failed for good in one lane: the others end too. */
  hasFailed: boolean;
  waiting: (() => void)[];
}

async function keepBusy(lane: Lane, bench: WorkBench, crew: Crew): Promise<void> {
  while (!bench.stop.isStopped && !crew.hasFailed) {
    const job = bench.schedule.next();
    if (job !== null) {
      await doOne(lane, job, bench, crew);
    } else if (crew.underWay > 0) {
      await new Promise<void>((resolve) => crew.waiting.push(resolve));
    } else {
      return;
    }
  }
}

async function doOne(lane: Lane, job: Job, bench: WorkBench, crew: Crew): Promise<void> {
  crew.underWay += 1;
  try {
    takeIn(job, await lane.perform(job), bench);
  } catch (error) {
    crew.hasFailed = true;
    throw error;
  } finally {
    crew.underWay -= 1;
    for (const wake of crew.waiting.splice(0)) wake();
  }
}

function takeIn(job: Job, answer: Answer, { schedule, ledger, report }: WorkBench): void {
  if (job.kind === "search") {
    if (answer.kind === "searched") schedule.take(job, answer.counts);
    else if (answer.kind === "died") schedule.take(job, lostBatch(job, answer));
  } else if (answer.kind === "recorded") {
    ledger.addRecording(job, answer.recording);
  } else if (answer.kind === "died") {
    ledger.addDeath(answer.crash);
  }
  report();
}

/** None of its runs was judged, so all of them are unknown. */
function lostBatch({ from, to }: SearchJob, { crash }: Extract<Answer, { kind: "died" }>): Counts {
  return { ...noCounts, runs: to - from, unknownRuns: to - from, crashes: [crash] };
}
