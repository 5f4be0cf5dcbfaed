import type { State } from "../versions/version.ts";
import { nothing } from "../versions/version.ts";

/** What is kept for one node of one key. */
export interface Hint {
  readonly home: string;
  readonly keyspace: string;
  readonly key: string;
  /** Wall clock at the oldest write in it, in microseconds. */
  sinceUs: number;
  /** What would survive a power loss. */
  durable: State;
  /** The same and what is on its way to the disk. */
  logged: State;
  /** Writes on their way to the disk. */
  pending: number;
}

/** How much is kept of one keyspace. */
export interface HintLoad {
  readonly count: number;
  readonly characters: number;
}

const noLoad: HintLoad = { count: 0, characters: 0 };

/** Hints by home, in the order in which they came, with their number and size by keyspace. */
export class HintTable {
  readonly #byHome = new Map<string, Map<string, Hint>>();
  readonly #loads = new Map<string, HintLoad>();
  #size = 0;

  get size(): number {
    return this.#size;
  }

  /** Nodes that something is kept for, sorted. */
  homes(): readonly string[] {
    return [...this.#byHome.keys()].sort();
  }

  find(home: string, keyspace: string, key: string): Hint | null {
    return this.#byHome.get(home)?.get(nameOf(keyspace, key)) ?? null;
  }

  /** All that is kept for a node, oldest first. */
  ofHome(home: string): Iterable<Hint> {
    return this.#byHome.get(home)?.values() ?? [];
  }

  /** Whether anything is kept for a node. */
  has(home: string): boolean {
    return this.#byHome.has(home);
  }

  /** Whether this very hint is still kept. */
  holds(hint: Hint): boolean {
    return this.find(hint.home, hint.keyspace, hint.key) === hint;
  }

  /** A new hint, empty so far. */
  add(home: string, keyspace: string, key: string, sinceUs: number): Hint {
    const hint = { home, keyspace, key, sinceUs, durable: nothing, logged: nothing, pending: 0 };
    let hints = this.#byHome.get(home);
    if (hints === undefined) {
      hints = new Map();
      this.#byHome.set(home, hints);
    }
    hints.set(nameOf(keyspace, key), hint);
    this.#count(keyspace, 1, 0);
    return hint;
  }

  /** Lets a hint be something else: more as a rule. */
  change(hint: Hint, logged: State): void {
    this.#count(hint.keyspace, 0, charactersOf(logged) - charactersOf(hint.logged));
    hint.logged = logged;
  }

  /** Nothing that is older is left in a hint. */
  renew(hint: Hint, sinceUs: number): void {
    const hints = this.#byHome.get(hint.home);
    const name = nameOf(hint.keyspace, hint.key);
    if (hints?.delete(name) === true) hints.set(name, hint);
    hint.sinceUs = sinceUs;
  }

  remove(hint: Hint): void {
    if (!this.holds(hint)) return;
    const hints = this.#byHome.get(hint.home);
    hints?.delete(nameOf(hint.keyspace, hint.key));
    if (hints?.size === 0) this.#byHome.delete(hint.home);
    this.#count(hint.keyspace, -1, -charactersOf(hint.logged));
  }

  /** How much is kept of a keyspace, for all homes. */
  load(keyspace: string): HintLoad {
    return this.#loads.get(keyspace) ?? noLoad;
  }

  /** Wall clock at the oldest write that is kept, in microseconds; 0 where none is. */
  oldestUs(): number {
    let oldest = 0;
    for (const hints of this.#byHome.values()) {
      // Unless the clock jumped, the first that came is the oldest.
      for (const { sinceUs } of hints.values()) {
        if (oldest === 0 || sinceUs < oldest) oldest = sinceUs;
        break;
      }
    }
    return oldest;
  }

  #count(keyspace: string, count: number, characters: number): void {
    const load = this.load(keyspace);
    this.#size += count;
    this.#loads.set(keyspace, {
      count: load.count + count,
      characters: load.characters + characters,
    });
  }
}

/** Characters of the values in a state. */
export function charactersOf(state: State): number {
  let count = 0;
  for (const entry of state.entries) count += entry.value?.length ?? 0;
  return count;
}

/** Names of keyspaces have no line feed. */
function nameOf(keyspace: string, key: string): string {
  return `${keyspace}\n${key}`;
}
