import { removeBelongings } from "./clean.ts";
import { findEngine } from "./engine.ts";

/** Removes the runs whose ids are its arguments: what guard.ts starts when its own process is about to end. */
async function main(runs: readonly string[]): Promise<void> {
  const engine = await findEngine();
  if (typeof engine === "string") throw new Error(engine);
  await Promise.all(runs.map((run) => removeBelongings(engine.docker, { run })));
}

await main(process.argv.slice(2));
