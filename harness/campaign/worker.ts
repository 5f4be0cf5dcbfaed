import { parentPort, workerData } from "node:worker_threads";
import { invariant } from "../base/invariant.ts";
import type { Registry } from "../contracts/registry.ts";
import type { Job } from "./jobs.ts";
import { perform, workshopOf } from "./jobs.ts";
import type { WorkerBrief } from "./pool.ts";
import type { RunScenario } from "./run-scenario.ts";

/** Answers jobs in a worker thread until the campaign ends. The thread's entry file calls it once. */
export function serveJobs(registry: Registry, run: RunScenario): void {
  const port = parentPort;
  invariant(port !== null, "jobs are served in a worker thread");
  const { stopFlag }: WorkerBrief = workerData;
  const stopped = new Int32Array(stopFlag);
  const workshop = workshopOf(registry, run, () => Atomics.load(stopped, 0) === 1);
  port.on("message", (job: Job) => port.postMessage(perform(workshop, job)));
}
