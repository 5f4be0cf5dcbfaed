import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

const main = fileURLToPath(new URL("../cli/main.ts", import.meta.url));
/** By its place, so that it is found from any folder. */
const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;

/** How a command of Recount's ended. */
export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface Circumstances {
  readonly input?: string;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs a command as a person would, in a process of its own. */
export function recount(args: readonly string[], { input = "", cwd, env }: Circumstances = {}): Ended {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", tsx, main, ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, ...env },
    ...(cwd === undefined ? {} : { cwd }),
  });
  return { status, stdout, stderr };
}

/** Starts a command that somebody is going to interrupt. */
export function startRecount(args: readonly string[]): ChildProcess {
  return spawn(process.execPath, ["--import", tsx, main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
}
