import { checkHistory } from "../check-history.ts";
import { searchModel, searchRegister } from "../search/search.ts";
import { assemblyMutants } from "./assembly-mutants.test-support.ts";
import { domains } from "./domains.test-support.ts";
import { everyHistory } from "./every-history.test-support.ts";
import { compareObjects } from "./native-objects.test-support.ts";
import { nativePorcupine, porcupineFolder } from "./native-porcupine.test-support.ts";
import { compareRegisters } from "./native-registers.test-support.ts";
import { firstFault, knownHistories, planted } from "./plant.test-support.ts";
import {
  publishedBudget,
  publishedLogs,
  publishedTexts,
  readPublished,
} from "./published-histories.test-support.ts";
import { Disagreement, SmallJudges } from "./small-judges.test-support.ts";
import { judgeWitnesses } from "./witnesses.test-support.ts";

/**
 * `npm run prove:checkers [PART …]`: holds the judges against porcupine, against brute force and against faults that
 * are planted in them. Prints what was compared; exit status 1 when anything disagreed, 2 when a part could not run.
 */

/** What a part has to say when all is well: one line for each thing that was compared. */
type Part = (say: (line: string) => void) => void | Promise<void>;

/** Why a part cannot run on this machine. */
class Lacking extends Error {}

const parts: Readonly<Record<string, Part>> = { published, native, enumerated, witnesses, mutants };

function published(say: (line: string) => void): void {
  const there = porcupineFolder();
  if (typeof there === "string") throw new Lacking(there);
  for (const each of [...publishedLogs, ...publishedTexts]) {
    const { word } = checkHistory(readPublished(there.folder, each), null, publishedBudget(each));
    if (word !== (each.isLegal ? "valid" : "invalid")) {
      throw new Disagreement(
        `${each.path}: porcupine's tests expect ${each.isLegal}, and check says ${word}`,
      );
    }
  }
  say(
    `${publishedLogs.length} logs of etcd and ${publishedTexts.length} of a key-value store: as porcupine's tests expect`,
  );
}

function native(say: (line: string) => void): void {
  const judge = nativePorcupine();
  if (typeof judge === "string") throw new Lacking(judge);
  // Other seeds than those of `npm test`.
  say(`registers ${countsOf({ ...compareRegisters(judge, 20_000, 100_000) })}`);
  for (const kind of ["kv", "set", "queue"] as const) {
    say(`${kind} ${countsOf({ ...compareObjects(judge, kind, 5_000, 100_000) })}`);
  }
}

function enumerated(say: (line: string) => void): void {
  for (const { name, kinds, inProof } of domains) {
    for (let count = 1; count <= inProof; count += 1) {
      const judges = new SmallJudges();
      everyHistory(count, kinds, (operations) => judges.add(operations));
      judges.finish();
      say(`${count} ${name}: ${countsOf({ ...judges.tally })}`);
    }
  }
}

function witnesses(say: (line: string) => void): void {
  const tally = judgeWitnesses(20_000, 200_000);
  say(`proofs of anomalies, each a violation by itself: ${countsOf(Object.fromEntries(tally))}`);
}

async function mutants(say: (line: string) => void): Promise<void> {
  const known = knownHistories(40_000);
  const own = firstFault({ searchRegister, searchModel }, known);
  if (own !== null) throw new Disagreement(own.by);
  const survivors: string[] = [];
  for (const mutant of assemblyMutants) {
    const found = firstFault(await planted(mutant), known);
    if (found === null) survivors.push(`${mutant.file}: ${mutant.wrong}`);
  }
  if (survivors.length > 0)
    throw new Disagreement(`nothing tells these faults:\n  ${survivors.join("\n  ")}`);
  say(`${assemblyMutants.length} faults planted in the search: all found within ${known.length} histories`);
}

function countsOf(tally: Readonly<Record<string, number>>): string {
  return Object.entries(tally)
    .map(([name, count]) => `${name} ${count.toLocaleString("en")}`)
    .join(", ");
}

async function prove(name: string, part: Part): Promise<number> {
  const startedMs = Date.now();
  const seconds = (): string => `${((Date.now() - startedMs) / 1_000).toFixed(0)} s`;
  try {
    await part((line) => process.stdout.write(`${name.padEnd(10)} ${line} (${seconds()})\n`));
    return 0;
  } catch (error) {
    if (error instanceof Lacking) {
      process.stdout.write(`${name.padEnd(10)} not proved: ${error.message}\n`);
      return 2;
    }
    if (!(error instanceof Disagreement)) throw error;
    process.stdout.write(`${name.padEnd(10)} DISAGREES after ${seconds()}: ${error.message}\n`);
    return 1;
  }
}

async function main(asked: readonly string[]): Promise<number> {
  const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
  if (unknown.length > 0) {
    process.stderr.write(`no part ${unknown.join(", ")}: there are ${Object.keys(parts).join(", ")}\n`);
    return 64;
  }
  const statuses: number[] = [];
  for (const [name, part] of Object.entries(parts)) {
    if (asked.length === 0 || asked.includes(name)) statuses.push(await prove(name, part));
  }
  return statuses.includes(1) ? 1 : Math.max(0, ...statuses);
}

process.exitCode = await main(process.argv.slice(2));
