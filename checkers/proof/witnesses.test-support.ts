import { ampleBudget, check } from "../../harness/contracts/checker.ts";
import type { Anomaly } from "../../harness/history/verdict.ts";
import { linearizability } from "../register/linearizability.ts";
import { regular } from "../register/regular.ts";
import { hasOrder, isRegularSmall } from "./every-order.test-support.ts";
import { randomRegister } from "./random-histories.test-support.ts";
import type { SmallOperation } from "./small-histories.test-support.ts";
import { historyOfSmall, writtenOut } from "./small-histories.test-support.ts";
import { Disagreement } from "./small-judges.test-support.ts";

/** By kind of anomaly, how many were looked at. */
export type WitnessTally = Map<string, number>;

/** Most operations that brute force takes. */
const mostTried = 30;

/**
 * Cuts what is said to prove an anomaly out of random histories: by itself, it must be a violation; and it must
 * still be one together with all that could explain what was read, or else it might be one only because of what
 * was left out.
 *
 * @throws Disagreement
 */
export function judgeWitnesses(count: number, seed: number): WitnessTally {
  const tally: WitnessTally = new Map();
  for (let at = 0; at < count; at += 1) {
    const operations = randomRegister(seed + at);
    const history = historyOfSmall([operations]);
    for (const checker of [linearizability, regular]) {
      const verdict = check(checker, history, ampleBudget);
      if (verdict.word !== "invalid") continue;
      for (const anomaly of verdict.anomalies) judgeWitness(operations, anomaly, checker.name, tally);
    }
  }
  return tally;
}

function judgeWitness(
  operations: readonly SmallOperation[],
  { kind, evidence, says }: Anomaly,
  checker: string,
  tally: WitnessTally,
): void {
  const witness = operations.filter(({ from }) => evidence.includes(from));
  const whole = withExplanations(witness, operations);
  const isProof = checker === regular.name ? isRegularSmall : hasOrder;
  if (whole.length > mostTried) return;
  tally.set(kind, (tally.get(kind) ?? 0) + 1);
  const isWhole = witness.length === evidence.length && witness.length > 0;
  if (isWhole && !isProof(witness) && !isProof(whole)) return;
  const told = `${checker} says "${says}", but this proves no ${kind}:\n${writtenOut(witness)}`;
  throw new Disagreement(`${told}\ntogether with\n${writtenOut(whole)}\nin\n${writtenOut(operations)}`);
}

/**
 * With all operations that may have left what one of these needs (or, for a refusal, anything at all), and what
 * those need, and so on. Not with what was replaced by something else, which ended before the needy one began.
 */
function withExplanations(
  witness: readonly SmallOperation[],
  operations: readonly SmallOperation[],
): readonly SmallOperation[] {
  const writers = operations.filter(isWriter);
  const whole = operations.filter(
    (operation) =>
      witness.includes(operation) ||
      (isWriter(operation) && witness.some((needy) => mayExplain(operation, needy, writers))),
  );
  return whole.length === witness.length ? whole : withExplanations(whole, operations);
}

function mayExplain(
  writer: SmallOperation,
  needy: SmallOperation,
  writers: readonly SmallOperation[],
): boolean {
  const isReader =
    needy.outcome !== "failed" && (needy.f === "cas" || (needy.f === "read" && needy.outcome === "ok"));
  const isUseful = needy.outcome === "refused" || leftBy(writer) === needy.a;
  if (!isReader || !isUseful || writer.from > needy.to) return false;
  return !writers.some((newer) => writer.to < newer.from && newer.to < needy.from);
}

function isWriter({ f, outcome }: SmallOperation): boolean {
  return f !== "read" && outcome !== "failed" && outcome !== "refused";
}

function leftBy({ f, a, b }: SmallOperation): number {
  return f === "write" ? a : f === "delete" ? 0 : b;
}
