import type { Belongings } from "../../../docker/clean.ts";
import { findBelongings, removeBelongings, removeImages } from "../../../docker/clean.ts";
import { findEngine } from "../../../docker/engine.ts";
import { counted, listed } from "../../../reports/wording.ts";
import { exitStatus, OperatingError } from "../../base/errors.ts";
import { print } from "../terminal.ts";

/** What `clean` was asked for. */
export interface CleanFlags {
  /** What belongs to runs that are under way, too. */
  readonly all?: true;
  readonly images?: true;
}

/** Removes from the container engine what runs have left there, by our label only. */
export async function clean({ all, images }: CleanFlags): Promise<number> {
  const engine = await findEngine();
  if (typeof engine === "string") throw new OperatingError("engine-absent", engine);
  const removed = await removeBelongings(engine.docker, all ? "everybody" : "the dead");
  print(countOf(removed) === 0 ? "nothing was left behind" : `removed ${inWords(removed)}`);
  const left = await findBelongings(engine.docker, "everybody");
  if (countOf(left) > 0) print(`left ${inWords(left)} of runs that are under way; --all removes them too`);
  if (images) print(`removed ${counted(await removeImages(engine.docker), "image")}`);
  return exitStatus.asExpected;
}

function countOf({ containers, networks, volumes }: Belongings): number {
  return containers.length + networks.length + volumes.length;
}

function inWords({ containers, networks, volumes }: Belongings): string {
  return listed([
    counted(containers.length, "container"),
    counted(networks.length, "network"),
    counted(volumes.length, "volume"),
  ]);
}
