import { spawnSync } from "node:child_process";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type Docker from "dockerode";
import { removeRun } from "./clean.ts";
import { within } from "./engine.ts";

/** Chosen: removing a cluster takes a second; a stuck engine must not hold the terminal for ever. */
const lastResortMs = 20_000;

/** Chosen: three times what a start takes; a person who presses Ctrl-C does not wait longer. */
const makingTimeoutMs = 10_000;

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof signals;

/** Sees to it that a run leaves nothing in the engine, however this process ends. */
export interface RunGuard {
  readonly id: string;
  /** Name for what needs one. */
  readonly name: string;
  /** Something that makes things in the engine: `end` waits until it is through, one way or the other. */
  track(making: Promise<unknown>): void;
  /** Removes everything of the run. Repeating it is harmless. */
  end(): Promise<void>;
}

interface OpenRun {
  remove(): Promise<void>;
}

const open = new Map<string, OpenRun>();
/** True from a signal on: what was under way fails for want of its containers, and nobody shall hear of it. */
let isLeaving = false;

/** Begins to watch over a run: until `end`, a signal or an exit removes what it has made. */
export function guardRun(docker: Docker, id: string): RunGuard {
  let ending: Promise<void> | null = null;
  const makings: Promise<unknown>[] = [];
  const remove = (): Promise<void> => {
    ending ??= endRun(docker, id, makings).catch((error: unknown) => {
      ending = null;
      throw error;
    });
    return ending;
  };
  if (open.size === 0) watch();
  open.set(id, { remove });
  return {
    id,
    name: `recount-${id}`,
    track(making) {
      makings.push(making);
    },
    end: () => (isLeaving ? new Promise<never>(() => {}) : remove()),
  };
}

async function endRun(docker: Docker, id: string, makings: readonly Promise<unknown>[]): Promise<void> {
  const made = Promise.allSettled(makings);
  // A making that is stuck is left behind; what it makes later goes with the next start.
  await within(makingTimeoutMs, "the start", made).catch(() => null);
  await removeRun(docker, id);
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

/**
 * Loads a package whose parts listen for signals only to tidy up when nobody else does (`signal-exit` in
 * testcontainers): they must not be taken for somebody who decides how the process ends.
 */
export async function loadUnheard<Module>(load: () => Promise<Module>): Promise<Module> {
  const before = new Set(signalNames().flatMap((signal) => process.listeners(signal)));
  const module = await load();
  const after = signalNames().flatMap((signal) => process.listeners(signal));
  for (const listener of after) if (!before.has(listener) && listener !== onSignal) unheard.add(listener);
  return module;
}

const unheard = new Set<NodeJS.SignalsListener>();

/** Whoever else listens decides how the process ends; if nobody does, it ends here, as it would have. */
function onSignal(signal: Signal): void {
  const others = process.listeners(signal).filter((one) => one !== onSignal && !unheard.has(one));
  if (others.length > 0) return;
  isLeaving = true;
  const all = [...open.values()].map((guard) => guard.remove());
  void Promise.allSettled(all).then(() => process.exit(signals[signal]));
}

/** Nothing can be waited for any more, so another process does the work while this one stands still. */
function onExit(): void {
  const program = fileURLToPath(new URL(`./clean-up${extname(import.meta.url)}`, import.meta.url));
  const args = [...process.execArgv, program, ...open.keys()];
  spawnSync(process.execPath, args, { timeout: lastResortMs, stdio: "ignore" });
}
