import { CommanderError } from "commander";
import { exitStatus, OperatingError } from "../base/errors.ts";
import { printable } from "../base/printable.ts";
import { program } from "./program.ts";
import { tell } from "./terminal.ts";

/** Runs a command and gives its exit status. Expected failures are one line; bugs show their stack. */
async function main(args: readonly string[]): Promise<number> {
  let status: number = exitStatus.asExpected;
  try {
    await program((ended) => {
      status = ended;
    }).parseAsync([...args], { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitStatus.wrongUsage;
    if (error instanceof OperatingError) {
      tell(printable(`recount: ${error.message.replace(/\s*\n\s*/g, " ")}`));
      return error.status;
    }
    return bug(error);
  }
}

function bug(error: unknown): number {
  tell("recount: a bug in Recount itself; please report it with what follows");
  tell(error instanceof Error ? (error.stack ?? error.message) : String(error));
  return exitStatus.bug;
}

// In callbacks of containers and timers, where no command can catch it.
process.on("uncaughtException", (error) => process.exit(bug(error)));

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(exitStatus.asExpected);
});

void main(process.argv.slice(2)).then((status) => {
  process.exitCode = status;
  // What an interrupted command has left open, such as containers, is put away as the process ends.
  if (status === exitStatus.interrupted) process.stdout.write("", () => process.exit());
});
