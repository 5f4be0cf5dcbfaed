import { ringOf } from "../ring.ts";
import { membersOf } from "./change-run.test-support.ts";

/** A key of which one owner changes. */
export interface MovingKey {
  readonly key: string;
  /** Who has it before and no more afterwards. */
  readonly from: string;
  /** Who has it afterwards. */
  readonly to: string;
  /** Who has it all the time, nearest first. */
  readonly staying: readonly string[];
}

/** The first key of which a change takes one of three replicas away from one node and gives it to another. */
export function movingKey(before: readonly string[], after: readonly string[]): MovingKey {
  const old = ringOf(membersOf(before));
  const next = ringOf(membersOf(after));
  for (let number = 0; number < 10_000; number += 1) {
    const key = `key-${number}`;
    const owners = old.replicas(key, 3);
    const owned = next.replicas(key, 3);
    const leaving = owners.filter((id) => !owned.includes(id));
    const joining = owned.filter((id) => !owners.includes(id));
    const [from, to] = [leaving[0], joining[0]];
    if (leaving.length !== 1 || joining.length !== 1 || from === undefined || to === undefined) continue;
    return { key, from, to, staying: owners.filter((id) => id !== from) };
  }
  throw new Error("no key moves");
}
