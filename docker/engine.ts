import Docker from "dockerode";

/** Chosen: a local engine answers within milliseconds; one that takes longer is no use here. */
const pingTimeoutMs = 3_000;

/** A container engine that answers, on this machine. */
export interface Engine {
  readonly docker: Docker;
  /** For example `Docker 20.10.24`. */
  readonly name: string;
}

/** Finds the engine, or says in a clause why there is none: `no container engine answers at …`. */
export async function findEngine(): Promise<Engine | string> {
  const { DOCKER_HOST: host } = process.env;
  if (host !== undefined && !isLocal(host)) {
    return `DOCKER_HOST is ${host}; ports are published on the loopback address only, so the engine must be local`;
  }
  try {
    const docker = new Docker();
    const { Version } = await within(pingTimeoutMs, "the engine", docker.version());
    return { docker, name: `Docker ${Version}` };
  } catch (error) {
    const because = error instanceof Error ? error.message : String(error);
    return `no container engine answers (${because}); start one, for example with "dockerd" or Docker Desktop`;
  }
}

/** The result, or an error that names what took too long. What is late is left to itself. */
export async function within<Result>(
  timeoutMs: number,
  what: string,
  work: Promise<Result>,
): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Waits. */
export function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** True for an answer of the engine with one of these HTTP statuses. */
export function hasStatus(error: unknown, ...statuses: readonly number[]): boolean {
  return error instanceof Error && "statusCode" in error && statuses.includes(Number(error.statusCode));
}

function isLocal(host: string): boolean {
  return /^(unix|npipe):/.test(host) || /^(tcp|http|https):\/\/(localhost|127\.|\[::1\])/.test(host);
}
