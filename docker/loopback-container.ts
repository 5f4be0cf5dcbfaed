import type { StartedTestContainer } from "testcontainers";
import { GenericContainer, Wait } from "testcontainers";

/** What a container is started from. */
export interface ContainerPlan {
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
  /** What to call it in messages. */
  readonly title: string;
  /** Name of a network, or `container:` and the id of a container whose network it shares. */
  readonly network: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Files to put in before it starts, by path. */
  readonly contents: Readonly<Record<string, string>>;
  readonly command: readonly string[];
  readonly ports: readonly number[];
  /** A line of the log that says that it is up. */
  readonly upWhen: RegExp;
  readonly timeoutMs: number;
}

/** A container that was started. */
export interface StartedContainer {
  readonly id: string;
  /** The port of this machine's loopback address behind which the container's port is. */
  readonly publishedPort: (port: number) => number;
  /** Writes a file in it, running or not. */
  readonly write: (path: string, content: string) => Promise<void>;
}

/** A container that did not come up: the message is the last of what it said. */
export class ContainerNotUp extends Error {
  override readonly name = "ContainerNotUp";
}

/** Chosen: enough for an error with its stack. */
const lastLines = 20;

/** Starts a container whose ports are published on the loopback address only, and waits until it is up. */
export async function startContainer(plan: ContainerPlan): Promise<StartedContainer> {
  const said: string[] = [];
  const contents = Object.entries(plan.contents).map(([target, content]) => ({ target, content }));
  const container = new LoopbackContainer(plan.image)
    .withNetworkMode(plan.network)
    .withLabels({ ...plan.labels })
    .withEnvironment({ ...plan.environment })
    .withCopyContentToContainer(contents)
    .withCommand([...plan.command])
    .withExposedPorts(...plan.ports)
    .withWaitStrategy(Wait.forLogMessage(plan.upWhen))
    .withStartupTimeout(plan.timeoutMs)
    .withLogConsumer((log) => void log.on("data", (text) => keepLast(said, String(text))));
  let started: StartedTestContainer;
  try {
    started = await container.start();
  } catch (error) {
    throw notUp(plan, said, error);
  }
  return {
    id: started.getId(),
    publishedPort: (port) => started.getMappedPort(port),
    write: (target, content) => started.copyContentToContainer([{ target, content }]),
  };
}

function keepLast(lines: string[], text: string): void {
  lines.push(...text.split("\n").filter((line) => line.trim() !== ""));
  if (lines.length > lastLines) lines.splice(0, lines.length - lastLines);
}

function notUp({ title }: ContainerPlan, said: readonly string[], cause: unknown): Error {
  const because = cause instanceof Error ? cause.message : String(cause);
  return new ContainerNotUp(`${title} did not start: ${said.length === 0 ? because : said.join("; ")}`, {
    cause,
  });
}

/** testcontainers publishes on all addresses; this one on the loopback address. */
class LoopbackContainer extends GenericContainer {
  protected override beforeContainerCreated(): Promise<void> {
    const bindings = this.hostConfig.PortBindings as Record<string, { HostIp?: string; HostPort: string }[]>;
    for (const list of Object.values(bindings ?? {}))
      for (const binding of list) binding.HostIp = "127.0.0.1";
    return Promise.resolve();
  }
}
