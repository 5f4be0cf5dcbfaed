import type { NodeOptions } from "./node-options.ts";
import { parseNodeOptions, usage } from "./node-options.ts";
import { StartError } from "./start-error.ts";
import type { StoreServer } from "./store-server.ts";
import { startStoreServer } from "./store-server.ts";

/** Exit status of a bug of the store's own (EX_SOFTWARE). */
const bugStatus = 70;

/** Runs a node in this process, which ends when a signal says so, or where the node cannot start. */
export function runNode(args: readonly string[]): void {
  begin(args).catch((error: unknown) => {
    const isExpected = error instanceof StartError;
    process.stderr.write(
      `${isExpected ? error.message : error instanceof Error ? error.stack : String(error)}\n`,
    );
    process.exit(isExpected ? error.status : bugStatus);
  });
}

async function begin(args: readonly string[]): Promise<void> {
  const options = parseNodeOptions(args, process.env);
  if (options === null) {
    print(usage.trimEnd());
    return;
  }
  const server = await startStoreServer(options, (line) => print(`${options.id}: ${line}`));
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void stop(server));
  announce(options);
}

function announce({ id, http, peer, keyspaces, defect }: NodeOptions): void {
  const planted = defect === null ? "" : `, with the planted defect ${defect}`;
  print(`${id}: serving clients on ${http.host}:${http.port}, peers on ${peer.host}:${peer.port}${planted}`);
  print(`${id}: ready, keyspaces from ${keyspaces}`);
}

async function stop(server: StoreServer): Promise<void> {
  await server.close();
  process.exit(0);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
