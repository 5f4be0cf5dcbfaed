import { DockerCluster } from "../../docker/cluster.ts";
import { findEngine } from "../../docker/engine.ts";
import { prepareImages } from "../../docker/images.ts";
import { OperatingError } from "../base/errors.ts";
import type { FaultKind, Scenario } from "../contracts/scenario.ts";
import { containerFaults } from "../contracts/scenario.ts";
import type { Target } from "../contracts/target.ts";
import { messageOf, operatingError, settle } from "./docker-errors.ts";
import { clusterPlanOf } from "./docker-places.ts";
import { DockerWorld } from "./docker-world.ts";

/** What containers, Toxiproxy and libfaketime can do. */
const can: ReadonlySet<FaultKind> = new Set(containerFaults);

/**
 * The store in containers, every link through a real Toxiproxy. Each scenario gets a fresh cluster. `say`
 * hears what takes a while and what went wrong where nobody can be told.
 */
export function dockerTarget(say: (line: string) => void = () => {}): Target {
  let isOpen = false;
  let waiting: (() => void)[] = [];
  const ended = (): void => {
    isOpen = false;
    const told = waiting;
    waiting = [];
    for (const done of told) done();
  };
  return {
    name: "docker",
    can,
    open(scenario, _trace, done) {
      isOpen = true;
      const failed = (cause: unknown): OperatingError =>
        operatingError("target-failed", "the cluster could not be started", cause);
      settle(
        openWorld(scenario, say, () => setImmediate(ended)),
        failed,
        (opened) => {
          done(opened);
          if (opened instanceof OperatingError) ended();
        },
      );
    },
    drive(done) {
      if (isOpen) waiting.push(done);
      else setImmediate(done);
    },
  };
}

async function openWorld(
  scenario: Scenario,
  say: (line: string) => void,
  closed: () => void,
): Promise<DockerWorld> {
  const strange = scenario.faults.find(({ kind }) => !can.has(kind));
  if (strange !== undefined) {
    const says = `fault ${strange.id} is a ${strange.kind}; containers can ${[...can].join(", ")}`;
    throw new OperatingError("not-expressible", says);
  }
  const own = scenario.keyspaces.find(({ coordinate }) => coordinate === "client");
  if (own !== undefined) {
    const says = `keyspace "${own.name}" is coordinated by clients, which only the simulator has`;
    throw new OperatingError("not-expressible", says);
  }
  const engine = await findEngine();
  if (typeof engine === "string") throw new OperatingError("engine-absent", engine);
  const cluster = await openCluster();
  try {
    return await DockerWorld.begin(cluster, scenario.keyspaces, { say, closed });
  } catch (error) {
    await cluster.close();
    throw error;
  }

  async function openCluster(): Promise<DockerCluster> {
    if (typeof engine === "string") throw new OperatingError("engine-absent", engine);
    const images = await prepareImages(engine, say);
    try {
      return await DockerCluster.open(engine, images, clusterPlanOf(scenario));
    } catch (cause) {
      throw openError(cause);
    }
  }
}

/** The store itself says what is wrong with its settings. */
function openError(cause: unknown): OperatingError {
  const says = messageOf(cause);
  const wrong = /keyspaces\[.*/.exec(says);
  if (wrong !== null) return new OperatingError("bad-keyspace", wrong[0], { cause });
  const code = says.includes("there is no defect") ? "usage" : "target-failed";
  return new OperatingError(code, `the cluster could not be started: ${says}`, { cause });
}
