import { removeRun } from "./clean.ts";
import { findEngine, pause } from "./engine.ts";

/** Chosen: the engine needs some tenths of a second to finish what a dying process has asked for. */
const settleMs = 300;

/** Removes the runs whose ids are its arguments: what guard.ts starts when its own process is about to end. */
async function main(runs: readonly string[]): Promise<void> {
  const engine = await findEngine();
  if (typeof engine === "string") throw new Error(engine);
  await Promise.all(runs.map((run) => removeRun(engine.docker, run)));
  await pause(settleMs);
  await Promise.all(runs.map((run) => removeRun(engine.docker, run)));
}

await main(process.argv.slice(2));
