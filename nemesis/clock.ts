import type { Choice } from "../harness/base/choice.ts";
import type { FaultBody } from "../harness/contracts/scenario.ts";

/** Sets the clocks of some nodes wrong by about `sizeUs`, ahead or behind. */
export function skewSome(choice: Choice, nodes: readonly string[], sizeUs: number): FaultBody {
  const wrong = choice.sample(nodes, choice.between(1, Math.max(1, nodes.length - 1)));
  const offsetUs = (choice.percent(50) ? 1 : -1) * Math.floor((sizeUs * choice.between(50, 150)) / 100);
  return { kind: "skew", nodes: wrong, offsetUs };
}
