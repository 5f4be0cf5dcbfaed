import type { Searches } from "../search/search.ts";
import { searchWith } from "../search/search.ts";
import { assemblySource, compileSearch } from "../wasm/compile.test-support.ts";
import type { AssemblyMutant } from "./assembly-mutants.test-support.ts";
import { Dice } from "./dice.test-support.ts";
import { domains } from "./domains.test-support.ts";
import { everyHistory } from "./every-history.test-support.ts";
import { hasOrder } from "./every-order.test-support.ts";
import type { Mixture } from "./random-histories.test-support.ts";
import { randomRegister } from "./random-histories.test-support.ts";
import type { SmallOperation } from "./small-histories.test-support.ts";
import { Disagreement, searchSmall } from "./small-judges.test-support.ts";

/** A history of which it is known whether it has an order. */
interface Known {
  readonly operations: readonly SmallOperation[];
  readonly isLegal: boolean;
}

/** What found a mutant: a history that is judged wrongly, or a trap. */
export type Found = { readonly by: string; readonly after: number } | null;

/** Most operations that brute force takes here. Chosen: thousands of them in a few seconds. */
const mostOperations = 14;

/** The histories that every mutant is tried on: whole small domains, and random ones of a few more operations. */
export function knownHistories(random: number): readonly Known[] {
  const all: (readonly SmallOperation[])[] = [];
  for (const { kinds, inTest } of domains) {
    for (let count = 1; count <= inTest; count += 1) everyHistory(count, kinds, (each) => all.push(each));
  }
  for (let seed = 0; seed < random; seed += 1) all.push(randomRegister(seed, hardMixture(new Dice(seed))));
  return all.map((operations) => ({ operations, isLegal: hasOrder(operations) }));
}

/** Few values and many operations of unknown outcome at once: there the search has the most to choose from. */
function hardMixture(dice: Dice): Mixture {
  return {
    clients: 2 + dice.below(7),
    operations: 5 + dice.below(mostOperations - 4),
    values: dice.pick([0, 1, 2, 2, 3]),
    writes: dice.pick([30, 50]),
    deletes: dice.pick([0, 10]),
    cas: dice.pick([0, 15, 30, 50]),
    unknown: dice.pick([0, 15, 30, 50]),
    failed: 0,
    lies: dice.pick([0, 1, 2]),
  };
}

/** Compiles a mutant of the search. Its text must be there exactly once. */
export async function planted({ file, find, replace }: AssemblyMutant): Promise<Searches> {
  const source = assemblySource(file) ?? "";
  const places = source.split(find).length - 1;
  if (places !== 1) throw new Error(`${file} has ${places} times what a mutant replaces: ${find}`);
  const mutated = source.replace(find, () => replace);
  const bytes = await compileSearch((name) => (name === file ? mutated : assemblySource(name)));
  return searchWith(() => bytes);
}

/** Tries an engine on the histories until one is judged wrongly. */
export function firstFault(searches: Searches, histories: readonly Known[]): Found {
  for (const [after, { operations, isLegal }] of histories.entries()) {
    try {
      searchSmall(searches, operations, isLegal);
    } catch (error) {
      if (error instanceof Disagreement) return { by: error.message, after };
      if (error instanceof Error && error.name === "RuntimeError")
        return { by: `a trap: ${error.message}`, after };
      throw error;
    }
  }
  return null;
}
