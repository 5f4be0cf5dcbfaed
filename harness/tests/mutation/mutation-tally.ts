/** A change to the code, and what became of it. */
export interface Survivor {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** Stryker's word: Killed, Timeout, Survived, NoCoverage, RuntimeError, CompileError, Ignored. */
  readonly status: string;
  readonly mutator: string;
  readonly replacement: string;
}

/** A change that no test can notice, and why. */
export interface EquivalentMutant {
  readonly file: string;
  readonly mutator: string;
  /** All of the replacement, white space as one blank. */
  readonly replacement: string;
  readonly reason: string;
}

/** Counts by file; a mutant that makes the suites hang is as dead as one that makes them fail. */
export interface Tally {
  readonly files: readonly {
    readonly file: string;
    readonly killed: number;
    readonly all: number;
    readonly excused: number;
  }[];
  /** Killed of all that are not equivalent. */
  readonly share: number;
  readonly survivors: readonly Survivor[];
  readonly wronglyListed: readonly EquivalentMutant[];
}

const dead: ReadonlySet<string> = new Set(["Killed", "Timeout", "RuntimeError"]);
const alive: ReadonlySet<string> = new Set(["Survived", "NoCoverage"]);

/** Sums up a mutation run. Each entry of the list excuses one survivor, and is wrong where none is left for it. */
export function tallyOf(mutants: readonly Survivor[], listed: readonly EquivalentMutant[]): Tally {
  const unused = new Set(listed);
  const isListed = (mutant: Survivor): boolean => {
    for (const entry of unused) if (isSame(entry, mutant)) return unused.delete(entry);
    return false;
  };
  const files = new Map<string, { file: string; killed: number; all: number; excused: number }>();
  const survivors: Survivor[] = [];
  for (const mutant of mutants) {
    const isAlive = alive.has(mutant.status);
    if (!isAlive && !dead.has(mutant.status)) continue;
    const count = files.get(mutant.file) ?? { file: mutant.file, killed: 0, all: 0, excused: 0 };
    files.set(mutant.file, count);
    if (isAlive && isListed(mutant)) {
      count.excused += 1;
      continue;
    }
    count.all += 1;
    if (isAlive) survivors.push(mutant);
    else count.killed += 1;
  }
  const counts = [...files.values()].sort((a, b) => (a.file < b.file ? -1 : 1));
  const all = counts.reduce((sum, count) => sum + count.all, 0);
  const killed = counts.reduce((sum, count) => sum + count.killed, 0);
  const wronglyListed = [...unused].filter((entry) => mutants.some((mutant) => isSame(entry, mutant)));
  return { files: counts, share: all === 0 ? 0 : killed / all, survivors, wronglyListed };
}

function isSame(entry: EquivalentMutant, { file, mutator, replacement }: Survivor): boolean {
  return (
    entry.file === file &&
    entry.mutator === mutator &&
    entry.replacement === replacement.replaceAll(/\s+/g, " ")
  );
}
