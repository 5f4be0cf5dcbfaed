import { byGravity } from "../../reports/anomaly-names.ts";
import { counted, cut, figure } from "../../reports/wording.ts";
import type { CampaignProgress } from "../campaign/campaign.ts";

/** Chosen: often enough to look alive, seldom enough to cost nothing. */
const redrawMs = 120;
/** Chosen: a log of a minute's campaign stays on one screen. */
const plainLineMs = 5_000;

/** Shows how far a campaign is, until it is closed. */
export interface ProgressDisplay {
  show(progress: CampaignProgress): void;
  /** Takes the live lines away; nothing is shown from then on. */
  close(): void;
}

/** Live lines on a terminal, plain lines now and then elsewhere. Always on standard error. */
export function progressOn(stream: NodeJS.WriteStream): ProgressDisplay {
  return stream.isTTY ? liveLines(stream) : plainLines(stream);
}

function liveLines(stream: NodeJS.WriteStream): ProgressDisplay {
  let lastMs = 0;
  let drawn = 0;
  const erase = (): void => {
    // Up to the first of our lines, then everything from there on (ECMA-48: CPL, ED).
    if (drawn > 0) stream.write(`\u001b[${drawn}F\u001b[J`);
    drawn = 0;
  };
  return {
    show(progress) {
      const nowMs = Date.now();
      if (nowMs - lastMs < redrawMs) return;
      lastMs = nowMs;
      const lines = [figuresOf(progress), findingsOf(progress)];
      erase();
      stream.write(lines.map((line) => `${cut(line, stream.columns - 1)}\n`).join(""));
      drawn = lines.length;
    },
    close() {
      erase();
      lastMs = Number.POSITIVE_INFINITY;
    },
  };
}

function plainLines(stream: NodeJS.WriteStream): ProgressDisplay {
  let nextMs = Date.now() + plainLineMs;
  return {
    show(progress) {
      if (Date.now() < nextMs) return;
      nextMs = Date.now() + plainLineMs;
      stream.write(`${figuresOf(progress)} · ${findingsOf(progress)}\n`);
    },
    close() {
      nextMs = Number.POSITIVE_INFINITY;
    },
  };
}

/** "1,240 runs · 412/s · about 41 s left · 3 shrunk". */
export function figuresOf({ runs, runsAhead, seconds, shrunk, unknownRuns }: CampaignProgress): string {
  const rate = seconds > 0 ? runs / seconds : 0;
  return [
    counted(runs, "run"),
    `${figure(rate)}/s`,
    timeLeft(runsAhead, rate),
    `${figure(shrunk)} shrunk`,
    ...(unknownRuns > 0 ? [`${figure(unknownRuns)} unknown`] : []),
  ].join(" · ");
}

/** "lost write 12 · stale read 310", the gravest first. */
export function findingsOf({ anomalies, crashes }: CampaignProgress): string {
  const found = byGravity(anomalies).map(({ kind, runs }) => `${kind} ${figure(runs)}`);
  if (crashes > 0) found.unshift(counted(crashes, "crash", "crashes"));
  return found.length === 0 ? "nothing found yet" : found.join(" · ");
}

/** Only the runs that are certain to come are counted, so it is never more than a guess. */
function timeLeft(runsAhead: number, rate: number): string {
  if (runsAhead === 0) return "shrinking what was found";
  if (rate === 0) return "starting";
  return `about ${figure(Math.max(1, runsAhead / rate))} s left`;
}
