import type { Checker, CheckTask } from "../../harness/contracts/checker.ts";
import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, Outcome } from "../../harness/history/history.ts";
import {
  describeOperation,
  endText,
  keyName,
  processText,
  valueText,
} from "../../harness/history/operation.ts";
import type { Anomaly, Verdict } from "../../harness/history/verdict.ts";
import { finalIndex, readsAtRest } from "../final-state.ts";
import { rowsOfKey } from "../rows-of-key.ts";
import { anomalyOf, combineVerdicts, keyPath, tasksByKey, verdictOf } from "../verdicts.ts";
import { itemsBackAgain } from "./items-back-again.ts";
import type { Item, Items, SureRemoval } from "./set-items.ts";
import { itemsOf, itemsShown, quantityOf } from "./set-items.ts";

/**
 * Judges sets and carts whose removes carry the context of a read (observed-remove: M. Shapiro et al., "A
 * Comprehensive Study of Convergent and Commutative Replicated Data Types", 2011). At rest an item whose add was
 * acknowledged is there, unless a remove may have observed that add; and an item whose adds had all ended before
 * the read began whose context an acknowledged remove carried is gone. A cart adds quantities up: it shows no
 * fewer than what is certainly there, and no more than what may be. Before the rest, where all quorums are strict,
 * an item that was removed so, and that a read found gone, does not come back.
 */
export const observedSet: Checker = {
  name: "observed-set",
  assumes: ["contexts are those that answers returned", "reads come after the rest"],
  tasks: tasksByKey,
  run: runObservedSet,
  combine: combineVerdicts,
};

const setFunctions: ReadonlySet<number> = new Set([Fn.read, Fn.add, Fn.remove, Fn.delete]);

function runObservedSet(history: History, { key }: CheckTask): Verdict {
  const rows = rowsOfKey(history, key);
  const isSet =
    rows.some((row) => history.f[row] === Fn.add) &&
    rows.every((row) => setFunctions.has(cell(history.f, row)));
  if (!isSet) return { word: "notChecked", because: `${keyPath(history, key)} is no set` };
  const items = itemsOf(history, rows, finalIndex(history));
  const finals = readsAtRest(history, rows);
  const backAgain = itemsBackAgain(history, rows, items);
  const judged = finals.length + backAgain.judged;
  if (judged === 0) {
    return { word: "notChecked", because: `no read of ${keyPath(history, key)} was answered at rest` };
  }
  const atRest = finals.flatMap((read) => judgeRead(history, read, items));
  return verdictOf([...backAgain.anomalies, ...atRest], judged);
}

function judgeRead(history: History, read: number, items: Items): readonly Anomaly[] {
  const shown = itemsShown(history.values[cell(history.result, read)] ?? null);
  const wrong: Anomaly[] = [];
  for (const [text, item] of items.byText) {
    if (item.adds.length === 0) continue;
    const found = new ItemAtRest(history, read, text, item, items).judge(shown.get(text));
    if (found !== null) wrong.push(found);
  }
  for (const text of shown.keys()) {
    if ((items.byText.get(text)?.adds.length ?? 0) > 0) continue;
    const says = `${describeOperation(history, read)}: nobody added ${valueText(JSON.parse(text))}`;
    wrong.push(anomalyOf(history, "phantom value", [read], says));
  }
  return wrong;
}

/** One item in a read at rest. */
class ItemAtRest {
  readonly #history: History;
  readonly #read: number;
  readonly #name: string;
  readonly #adds: readonly number[];
  /** Adds that began before this index may have been observed by a removal. */
  readonly #mayReach: number;
  /** Of the acknowledged removals the one whose read began last, if there are any. */
  readonly #removal: SureRemoval | null;

  constructor(history: History, read: number, text: string, item: Item, { ofAll }: Items) {
    this.#history = history;
    this.#read = read;
    this.#name = valueText(JSON.parse(text));
    this.#adds = item.adds;
    this.#mayReach = Math.max(item.mayReach, ofAll.mayReach);
    this.#removal = lastOf(lastOf(null, item.sure), ofAll.sure);
  }

  /** `shown`: how many are there, null where they are not counted; undefined where there are none. */
  judge(shown: number | null | undefined): Anomaly | null {
    const lost = this.#adds.find((add) => this.#isSurelyThere(add));
    if (shown === undefined) return lost === undefined ? null : this.#lostAdd(lost);
    const left = this.#adds.filter((add) => !this.#isSurelyGone(add));
    if (left.length === 0) return this.#backAgain();
    if (shown === null) return null;
    const least = this.#sum(this.#adds.filter((add) => this.#isSurelyThere(add)));
    if (shown < least) return this.#tooFew(shown, least);
    const most = this.#sum(left);
    return shown > most ? this.#tooMany(shown, most) : null;
  }

  #isSurelyThere(add: number): boolean {
    const { outcome, invokeIndex } = this.#history;
    return outcome[add] === Outcome.ok && cell(invokeIndex, add) >= this.#mayReach;
  }

  #isSurelyGone(add: number): boolean {
    return cell(this.#history.completeIndex, add) < (this.#removal?.observedFrom ?? 0);
  }

  #sum(adds: readonly number[]): number {
    return adds.reduce((sum, add) => sum + quantityOf(this.#history, add), 0);
  }

  #lostAdd(add: number): Anomaly {
    const history = this.#history;
    const says =
      `${processText(history, add)}'s add of ${this.#name} to ${keyName(history, add)} was acknowledged ` +
      `${endText(history, add)}, and no remove had observed it, but at rest it is gone: ${describeOperation(history, this.#read)}`;
    return anomalyOf(history, "lost write", [add, this.#read], says);
  }

  #backAgain(): Anomaly {
    const history = this.#history;
    const removal = this.#removal?.row ?? this.#read;
    const says =
      `at rest ${this.#name} is in ${keyName(history, this.#read)}, though every add of it had ended before the read ` +
      `whose context its remove carried: ${describeOperation(history, removal)}`;
    return anomalyOf(history, "resurrected delete", [...this.#adds.slice(0, 1), removal, this.#read], says);
  }

  #tooFew(shown: number, least: number): Anomaly {
    const adds = this.#adds.filter((add) => this.#isSurelyThere(add));
    const says = `${this.#showsText(shown)}, but ${least} were acknowledged that no remove had observed`;
    return anomalyOf(this.#history, "lost write", [...adds.slice(0, mostEvidence), this.#read], says);
  }

  #tooMany(shown: number, most: number): Anomaly {
    const history = this.#history;
    const all = this.#sum(this.#adds);
    const rows = [...this.#adds.slice(0, mostEvidence), this.#read];
    if (this.#removal === null || shown > all) {
      const says = `${this.#showsText(shown)}, but no more than ${all} were added`;
      return anomalyOf(history, "duplicated element", rows, says);
    }
    const says =
      `${this.#showsText(shown)}, but no more than ${most} can be left: the others had been added before the read ` +
      `whose context a remove carried, ${describeOperation(history, this.#removal.row)}`;
    return anomalyOf(history, "resurrected delete", [...rows, this.#removal.row], says);
  }

  #showsText(shown: number): string {
    return `at rest ${processText(this.#history, this.#read)} found ${shown} of ${this.#name} in ${keyName(this.#history, this.#read)}`;
  }
}

/** Adds that a finding names. Chosen: the sum is the proof, and these are examples. */
const mostEvidence = 5;

/** The removal whose read began last. */
function lastOf(known: SureRemoval | null, removals: readonly SureRemoval[]): SureRemoval | null {
  return removals.reduce(
    (last, removal) => (last === null || removal.observedFrom > last.observedFrom ? removal : last),
    known,
  );
}
