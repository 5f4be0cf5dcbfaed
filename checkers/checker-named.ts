import type { Checker } from "../harness/contracts/checker.ts";
import { modelCheckers } from "./models/model-checkers.ts";
import { checkerByName } from "./registry.ts";

/** The checker of that name, of whatever kind: one of the registry's, or the linearizability of a model; or null. */
export function checkerNamed(name: string): Checker | null {
  return checkerByName(name) ?? modelCheckers.find((checker) => checker.name === name) ?? null;
}
