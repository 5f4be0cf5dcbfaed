import { OperatingError } from "../base/errors.ts";
import type { Scenario } from "../contracts/scenario.ts";
import type { Target } from "../contracts/target.ts";
import { simTarget } from "../targets/sim-target.ts";

/** The worlds that `--target` knows. */
export const targetNames = ["sim", "docker"] as const;
export type TargetName = (typeof targetNames)[number];

/** The target of that name. `say` hears what takes a while. */
export async function targetNamed(name: TargetName, say: (line: string) => void): Promise<Target> {
  if (name === "sim") return simTarget;
  // Loaded only where it is asked for: what drives containers takes a second to load.
  const { dockerTarget } = await import("../targets/docker-target.ts");
  return dockerTarget(say);
}

/** @throws OperatingError `engine-absent` where the target needs containers and no engine answers */
export async function requireEngine({ name }: Target): Promise<void> {
  if (name !== "docker") return;
  const { findEngine } = await import("../../docker/engine.ts");
  const engine = await findEngine();
  if (typeof engine === "string") throw new OperatingError("engine-absent", engine);
}

/** @throws OperatingError `not-expressible` where the scenario has a fault that the target cannot inject */
export function refuseInexpressible(scenario: Scenario, { name, can }: Target): void {
  const strange = scenario.faults.filter(({ kind }) => !can.has(kind));
  if (strange.length === 0) return;
  const listed = strange.map(({ id, kind }) => `fault ${id} (${kind})`).join(", ");
  const says = `not expressible on ${name}: ${listed}; it can do ${[...can].join(", ")}`;
  throw new OperatingError("not-expressible", says);
}
