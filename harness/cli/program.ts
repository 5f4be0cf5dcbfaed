import { Command, InvalidArgumentError, Option } from "commander";
import { OperatingError } from "../base/errors.ts";
import type { CampaignFlags } from "./commands/campaign.ts";
import { targetNames } from "./target-named.ts";
import { ownVersion } from "./version.ts";

/** Fixed, so that a plain `npm start` gives the same results every time; chosen by nobody for its results. */
const defaultSeed = 7;

/** The command line as data. Commands are loaded when they are called: some take a second to load. */
export function program(onEnd: (status: number) => void): Command {
  const root = new Command("recount")
    .description(
      "Tells what a replicated store really keeps under each quorum setting, and shows how it fails.",
    )
    .version(ownVersion())
    .exitOverride()
    .configureOutput({ outputError: (text, write) => write(asOneLine(text)) });
  addCampaign(root, onEnd);
  refuseUnknownCommands(root);
  return root;
}

function addCampaign(root: Command, onEnd: (status: number) => void): void {
  root
    .command("campaign", { isDefault: true })
    .description("try the rows of the claim table, and draw the report (what happens without arguments)")
    .addOption(new Option("--claims <ids>", "only these rows, for example Q2,C3").argParser(list))
    .addOption(seedOption())
    .addOption(
      new Option("--runs <count>", "judged runs of a cell that must stay clean (default: 120)").argParser(
        integer(1, 10_000_000),
      ),
    )
    .option("--out <folder>", "where results go (default: out/<date and time>-seed-<seed>)")
    .option("--json", "print results.json, and nothing else, on standard output")
    .addOption(targetOption())
    .addOption(
      new Option("--workers <count>", "threads; 0 does everything in one (default: one a core)").argParser(
        integer(0, 256),
      ),
    )
    .action(async (flags: CampaignFlags) => {
      const { campaign } = await import("./commands/campaign.ts");
      onEnd(await campaign(flags));
    });
}

function seedOption(): Option {
  return new Option("--seed <number>", "every draw starts from it")
    .default(defaultSeed)
    .argParser(integer(0, 0x7fff_ffff));
}

function targetOption(): Option {
  return new Option("--target <name>", "where scenarios run").choices(targetNames).default("sim");
}

/** Options and arguments left over go to the default command, which would only speak of too many of them. */
function refuseUnknownCommands(root: Command): void {
  root.hook("preSubcommand", (_root, command) => {
    const [first] = root.args;
    const known = root.commands.map((each) => each.name());
    if (command.name() !== "campaign" || first === undefined || first === "campaign" || first.startsWith("-"))
      return;
    throw new OperatingError("usage", `there is no command "${first}"; the commands are ${known.join(", ")}`);
  });
}

function list(text: string): string[] {
  const items = text.split(",").map((item) => item.trim());
  if (items.includes("")) throw new InvalidArgumentError("It is a list such as Q2,C3.");
  return items;
}

function integer(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= low && value <= high) return value;
    throw new InvalidArgumentError(`It must be an integer from ${low} to ${high}.`);
  };
}

function asOneLine(text: string): string {
  return `recount: ${text
    .trim()
    .replace(/^error: /, "")
    .replace(/\s*\n\s*/g, " ")}\n`;
}
