import type Docker from "dockerode";
import { hasStatus, pause } from "./engine.ts";
import { imageLabel, mayStillLive, ownerLabel, runLabel } from "./run-label.ts";

/** What was found or removed, by kind. */
export interface Belongings {
  readonly containers: readonly string[];
  readonly networks: readonly string[];
  readonly volumes: readonly string[];
}

/** Which runs: one, all of them, or those whose process is gone. */
export type Whose = { readonly run: string } | "everybody" | "the dead";

interface Labelled {
  readonly id: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Finds what runs have left in the engine, by our label only. */
export async function findBelongings(docker: Docker, whose: Whose): Promise<Belongings> {
  const filters = { label: [typeof whose === "object" ? `${runLabel}=${whose.run}` : runLabel] };
  const [containers, networks, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters: JSON.stringify(filters) }),
  ]);
  const chosen = (found: readonly Labelled[]): string[] =>
    found.filter((one) => isMeant(one, whose)).map(idOf);
  return {
    containers: chosen(containers.map(({ Id, Labels }) => ({ id: Id, labels: Labels }))),
    networks: chosen(networks.map(({ Id, Labels }) => ({ id: Id, labels: Labels ?? {} }))),
    volumes: chosen((volumes.Volumes ?? []).map(({ Name, Labels }) => ({ id: Name, labels: Labels ?? {} }))),
  };
}

/** Removes it all: containers first, for they hold the rest. What is gone already is no error. */
export async function removeBelongings(docker: Docker, whose: Whose): Promise<Belongings> {
  const found = await findBelongings(docker, whose);
  const { containers, networks, volumes } = found;
  await allOf(containers.map((id) => gone(() => docker.getContainer(id).remove({ force: true, v: true }))));
  await allOf([
    ...networks.map((id) => gone(() => docker.getNetwork(id).remove())),
    ...volumes.map((name) => gone(() => docker.getVolume(name).remove({ force: true }))),
  ]);
  return found;
}

/** Chosen: the engine needs some tenths of a second to let go of a container. */
const roundMs = 200;
/** Chosen: five seconds of trying; what is left then is reported, and removed at the next start. */
const mostRounds = 25;

/** Removes all of a run, again and again until nothing is left: things may still come into being. */
export async function removeRun(docker: Docker, run: string): Promise<void> {
  let failure: unknown = new Error(`things of run ${run} keep coming back`);
  for (let round = 0; round < mostRounds; round += 1) {
    try {
      const { containers, networks, volumes } = await removeBelongings(docker, { run });
      if (containers.length + networks.length + volumes.length === 0) return;
    } catch (error) {
      failure = error;
      await pause(roundMs);
    }
  }
  throw failure;
}

/** Removes the images that Recount built. Those in use stay. */
export async function removeImages(docker: Docker): Promise<number> {
  const listing: Promise<Docker.ImageInfo[]> = docker.listImages({
    filters: JSON.stringify({ label: [imageLabel] }),
  });
  const images = await listing;
  let removed = 0;
  // Newest first: an image goes before the one that it was built on.
  for (const { Id } of images.sort((a, b) => b.Created - a.Created)) {
    try {
      const removal: Promise<unknown> = docker.getImage(Id).remove({ force: false });
      await removal;
      removed += 1;
    } catch (error) {
      if (!hasStatus(error, 404, 409)) throw error;
    }
  }
  return removed;
}

function isMeant({ labels }: Labelled, whose: Whose): boolean {
  if (whose === "everybody") return labels[runLabel] !== undefined;
  if (whose === "the dead") return labels[runLabel] !== undefined && !mayStillLive(labels[ownerLabel]);
  return labels[runLabel] === whose.run;
}

function idOf({ id }: Labelled): string {
  return id;
}

/** Does it, unless somebody did already (404) or is at it (409, "removal is already in progress"). */
async function gone(remove: () => Promise<unknown>): Promise<void> {
  try {
    await remove();
  } catch (error) {
    if (!hasStatus(error, 404, 409)) throw error;
  }
}

/** Waits for all, and then reports everything that failed. */
async function allOf(work: readonly Promise<void>[]): Promise<void> {
  const failures = (await Promise.allSettled(work)).filter((result) => result.status === "rejected");
  if (failures.length === 0) return;
  const causes: readonly unknown[] = failures.map(({ reason }) => reason);
  throw new AggregateError(causes, `${failures.length} of ${work.length} things could not be removed`);
}
