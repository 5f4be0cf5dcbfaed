import { usage } from "./node-flags.ts";
import type { NodeOptions } from "./node-options.ts";
import { parseNodeCommand } from "./node-options.ts";
import { settingsText } from "./settings-text.ts";
import { StartError } from "./start-error.ts";
import type { StoreServer } from "./store-server.ts";
import { startStoreServer } from "./store-server.ts";

/** Exit status of a bug of the store's own (EX_SOFTWARE). */
const bugStatus = 70;
/** Exit statuses of a process that a signal ended: 128 and the signal's number. */
const signalStatuses = { SIGINT: 130, SIGTERM: 143 } as const;

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
  const command = parseNodeCommand(args, process.env);
  if (command.kind === "help") return print(usage.trimEnd());
  if (command.kind === "settings") return print(settingsText());
  const { options } = command;
  const server = await startStoreServer(options, (line) => print(`${options.id}: ${line}`));
  stopOnSignal(server, options.id);
  announce(options);
}

function announce({ id, http, peer, keyspaces, defect }: NodeOptions): void {
  const planted = defect === null ? "" : `, with the planted defect ${defect}`;
  print(`${id}: serving clients on ${http.host}:${http.port}, peers on ${peer.host}:${peer.port}${planted}`);
  print(`${id}: ready, keyspaces from ${keyspaces}`);
}

/** The first signal lets open requests end; the second one does not. */
function stopOnSignal(server: StoreServer, id: string): void {
  let isStopping = false;
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => {
      if (isStopping) process.exit(signalStatuses[signal]);
      isStopping = true;
      print(`${id}: ${signal}: waiting for open requests; once more ends at once`);
      server.stop().then(() => process.exit(0), failed);
    });
  }
}

function failed(error: unknown): void {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
  process.exit(bugStatus);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
