import { Command, InvalidArgumentError, Option } from "commander";
import { historyModels } from "../../checkers/model-names.ts";
import { OperatingError } from "../base/errors.ts";
import { historyFormats, writtenFormats } from "../foreign/history-reader.ts";
import type { CampaignFlags } from "./commands/campaign.ts";
import type { CheckFlags } from "./commands/check.ts";
import type { CleanFlags } from "./commands/clean.ts";
import type { ConvertFlags } from "./commands/convert.ts";
import type { ReplayFlags } from "./commands/replay.ts";
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
    .enablePositionalOptions()
    .configureOutput({ outputError: (text, write) => write(asOneLine(text)) });
  addCampaign(root, onEnd);
  addReplay(root, onEnd);
  addCheck(root, onEnd);
  addConvert(root, onEnd);
  addClaims(root, onEnd);
  addReport(root, onEnd);
  addClean(root, onEnd);
  addStore(root);
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

function addReplay(root: Command, onEnd: (status: number) => void): void {
  root
    .command("replay")
    .argument("<file>", "a scenario, such as a counterexample's")
    .description("run a scenario once more, and say whether it shows what it is evidence for")
    .addOption(targetOption())
    .option("--out <file>", "write the history there")
    .option("--json", "print one JSON document, and nothing else, on standard output")
    .action(async (file: string, flags: ReplayFlags) => {
      const { replay } = await import("./commands/replay.ts");
      onEnd(await replay(file, flags));
    });
}

function addCheck(root: Command, onEnd: (status: number) => void): void {
  root
    .command("check")
    .argument("[files...]", "history files; none, or -, is standard input")
    .description("judge history files that anybody wrote: JSON lines, Jepsen's EDN, porcupine's logs")
    .addOption(formatOption())
    .option(
      "--model <name>",
      `what the history is of: ${historyModels.join(", ")}, or a file such as ./my-model.ts that exports ` +
        "one as model (default: the first that has its functions)",
    )
    .addOption(independentOption())
    .addOption(
      new Option(
        "--threads <count>",
        "threads that judge; 0 judges in one (default: one a core for big histories)",
      ).argParser(integer(0, 256)),
    )
    .option("--json", "print one line of JSON a file, and nothing else, on standard output")
    .option("--html <file>", "draw the verdict, with pictures of what is wrong, as one page")
    .action(async (files: readonly string[], flags: CheckFlags) => {
      const { check } = await import("./commands/check.ts");
      onEnd(await check(files, flags));
    });
}

function addConvert(root: Command, onEnd: (status: number) => void): void {
  root
    .command("convert")
    .argument("[file]", "a history file; none, or -, is standard input", "-")
    .description("write a history in another format")
    .addOption(new Option("--to <format>", "what to write").choices(writtenFormats).makeOptionMandatory())
    .option("--out <file>", "where to (default: standard output)")
    .addOption(formatOption())
    .addOption(independentOption())
    .action(async (file: string, flags: ConvertFlags) => {
      const { convert } = await import("./commands/convert.ts");
      onEnd(await convert(file, flags));
    });
}

function formatOption(): Option {
  return new Option("--format <name>", "what the history is written in; auto: its beginning tells")
    .choices(["auto", ...historyFormats])
    .default("auto");
}

function independentOption(): Option {
  return new Option("--independent", "values of the EDN are [key value], and each key is judged by itself");
}

function addClaims(root: Command, onEnd: (status: number) => void): void {
  root
    .command("claims")
    .description("list the rows of the claim table")
    .option("--json", "print one JSON document, and nothing else, on standard output")
    .action(async (flags: { readonly json?: true }) => {
      const { claims } = await import("./commands/claims.ts");
      onEnd(claims(flags));
    });
}

function addReport(root: Command, onEnd: (status: number) => void): void {
  root
    .command("report")
    .argument("<folder>", "where a campaign has left its results")
    .description("draw a campaign's report again, from its results and histories")
    .action(async (folder: string) => {
      const { report } = await import("./commands/report.ts");
      onEnd(report(folder));
    });
}

function addClean(root: Command, onEnd: (status: number) => void): void {
  root
    .command("clean")
    .description("remove what runs that have ended left in the container engine")
    .option("--all", "what belongs to runs that are under way, too")
    .option("--images", "and the images that were built for them")
    .action(async (flags: CleanFlags) => {
      const { clean } = await import("./commands/clean.ts");
      onEnd(await clean(flags));
    });
}

/** A node has flags of its own, and ends its process itself. */
function addStore(root: Command): void {
  root
    .command("store")
    .description("start one node of the store; see: store --help")
    .helpOption(false)
    .allowUnknownOption()
    .passThroughOptions()
    .argument("[flags...]")
    .action(async (flags: readonly string[]) => {
      const { runNode } = await import("../../store/server/run-node.ts");
      runNode(flags);
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
