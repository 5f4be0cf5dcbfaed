import { OperatingError } from "../base/errors.ts";
import type { Target } from "../contracts/target.ts";
import { simTarget } from "../targets/sim-target.ts";

/** The worlds that `--target` knows. */
export const targetNames = ["sim", "docker"] as const;
export type TargetName = (typeof targetNames)[number];

/** The target of that name. Containers are loaded only where they are asked for: it takes a second. */
export function targetNamed(name: TargetName): Promise<Target> {
  if (name === "sim") return Promise.resolve(simTarget);
  return Promise.reject(new OperatingError("engine-absent", "containers are not supported yet"));
}
