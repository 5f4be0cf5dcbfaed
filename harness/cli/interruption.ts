import { exitStatus } from "../base/errors.ts";
import { tell } from "./terminal.ts";

/** Chosen: one Ctrl-C reaches us twice within milliseconds, from the terminal and through npm or tsx. */
const sameKeystrokeMs = 400;

/** The first Ctrl-C stops what is under way, a second one leaves at once. Gives the way to stop listening. */
export function onInterruption(stop: () => void): () => void {
  let firstMs: number | null = null;
  const interrupted = (): void => {
    const nowMs = Date.now();
    if (firstMs === null) {
      firstMs = nowMs;
      stop();
      return;
    }
    if (nowMs - firstMs < sameKeystrokeMs) return;
    tell("left at once; what was found so far is in evidence.jsonl");
    process.exit(exitStatus.interrupted);
  };
  process.on("SIGINT", interrupted);
  process.on("SIGTERM", interrupted);
  return () => {
    process.off("SIGINT", interrupted);
    process.off("SIGTERM", interrupted);
  };
}
