/** The entry of a worker thread that dies over its second job, and lives again. */
import { parentPort } from "node:worker_threads";
import { noCounts } from "./counts.ts";
import type { Job } from "./jobs.ts";

let jobs = 0;
parentPort?.on("message", (job: Job) => {
  jobs += 1;
  if (jobs === 2) process.exit(3);
  const runs = job.kind === "search" ? job.to - job.from : 0;
  parentPort?.postMessage({ kind: "searched", counts: { ...noCounts, runs } });
});
