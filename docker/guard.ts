import { spawnSync } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { removeBelongings } from "./clean.ts";

/** Chosen: removing a cluster takes a second; a stuck engine must not hold the terminal for ever. */
const lastResortMs = 20_000;

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof signals;

/** Sees to it that a run leaves nothing in the engine, however this process ends. */
export interface RunGuard {
  readonly id: string;
  /** Name for what needs one. */
  readonly name: string;
  /** Removes everything of the run. Repeating it is harmless. */
  end(): Promise<void>;
}

const open = new Map<string, RunGuard>();

/** Begins to watch over a run: until `end`, a signal or an exit removes what it has made. */
export function guardRun(docker: Docker, id: string): RunGuard {
  let ending: Promise<void> | null = null;
  const guard: RunGuard = {
    id,
    name: `recount-${id}`,
    end() {
      ending ??= endRun(docker, id).catch((error: unknown) => {
        ending = null;
        throw error;
      });
      return ending;
    },
  };
  if (open.size === 0) watch();
  open.set(id, guard);
  return guard;
}

async function endRun(docker: Docker, id: string): Promise<void> {
  await removeBelongings(docker, { run: id });
  open.delete(id);
  if (open.size === 0) unwatch();
}

function watch(): void {
  for (const signal of signalNames()) process.on(signal, onSignal);
  process.on("exit", onExit);
}

function unwatch(): void {
  for (const signal of signalNames()) process.removeListener(signal, onSignal);
  process.removeListener("exit", onExit);
}

function signalNames(): Signal[] {
  return Object.keys(signals) as Signal[];
}

/** Whoever else listens decides how the process ends; if nobody does, it ends here, as it would have. */
function onSignal(signal: Signal): void {
  if (process.listenerCount(signal) > 1) return;
  const all = [...open.values()].map((guard) => guard.end());
  void Promise.allSettled(all).then(() => process.exit(signals[signal]));
}

/** Nothing can be waited for any more, so another process does the work while this one stands still. */
function onExit(): void {
  const program = fileURLToPath(new URL(`./clean-up${extname(import.meta.url)}`, import.meta.url));
  const args = [...process.execArgv, program, ...open.keys()];
  spawnSync(process.execPath, args, { timeout: lastResortMs, stdio: "ignore" });
}
