import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { hostname } from "node:os";

/** On everything that a run makes in the engine; the value names the run. Only what carries it is ever removed. */
export const runLabel = "recount.run";
/** The process that made it, so that the leftovers of dead processes are told from the work of living ones. */
export const ownerLabel = "recount.owner";
/** On images: what for. They are kept for later runs. */
export const imageLabel = "recount.image";

/** The labels of one run. */
export type RunLabels = Readonly<Record<string, string>>;

/** A new run of this process. */
export function newRun(): { readonly id: string; readonly labels: RunLabels } {
  const id = randomBytes(5).toString("hex");
  const owner = `${hostname()}/${process.pid}/${startOf(process.pid) ?? "unknown"}`;
  return { id, labels: { [runLabel]: id, [ownerLabel]: owner } };
}

/** False only when it is certain that the owner has ended: it ran on this machine and is not there any more. */
export function mayStillLive(owner: string | undefined): boolean {
  const [host, pid, start] = (owner ?? "").split("/");
  if (host !== hostname() || pid === undefined || start === undefined) return true;
  const now = startOf(Number(pid));
  if (now !== null) return now === start;
  return isRunning(Number(pid));
}

/** When a process began, in ticks since boot: with the pid it names a process for good. Null where unknown. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the command in brackets, and may hold blanks; the start is the 22nd.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
