import type { EquivalentMutant } from "./mutation-tally.ts";

/** One file's changes that no test can notice for the same reason. */
export function alike(
  file: string,
  mutator: string,
  reason: string,
  replacements: readonly string[],
): EquivalentMutant[] {
  return replacements.map((replacement) => ({ file, mutator, replacement, reason }));
}
