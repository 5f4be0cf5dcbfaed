import type { HistoryValue } from "./values.ts";

/** Numbers below this and below four times what is known so far are looked up in an array, not in a map. */
const denseFloor = 1_024;
/** Chosen: 64 MiB of look-up table at most. */
const denseCeiling = 1 << 24;

/** Gives each different item a small id in order of first sight. */
export class Interner<Item> {
  readonly items: Item[] = [];
  readonly #ids = new Map<Item, number>();

  has(item: Item): boolean {
    return this.#ids.has(item);
  }

  idOf(item: Item): number {
    let id = this.#ids.get(item);
    if (id === undefined) {
      id = this.items.length;
      this.items.push(item);
      this.#ids.set(item, id);
    }
    return id;
  }
}

/** Gives each different value a small id; `null` has id 0. Small integers take no hashing. */
export class ValueInterner {
  readonly values: HistoryValue[] = [null];
  #dense = new Int32Array(denseFloor);
  readonly #primitives = new Map<number | string | boolean, number>();
  readonly #compounds = new Map<string, number>();

  idOf(value: HistoryValue): number {
    if (typeof value === "number" && value >= 0 && value < denseCeiling && value === Math.trunc(value)) {
      return this.#idOfSmall(value);
    }
    if (value === null) return 0;
    if (typeof value !== "object") return this.#idIn(this.#primitives, value, value);
    return this.#idIn(this.#compounds, JSON.stringify(value), value);
  }

  #idOfSmall(value: number): number {
    if (value >= this.#dense.length) {
      // A value far beyond what was seen would waste the table: such values take the map instead.
      const affordable = Math.max(denseFloor, 4 * this.values.length);
      const known = this.#primitives.get(value);
      if (known !== undefined) return known;
      if (value >= affordable) return this.#idIn(this.#primitives, value, value);
      this.#grow(value);
    }
    const known = this.#dense[value] ?? 0;
    if (known !== 0) return known;
    // −0 becomes 0: JSON does not tell them apart.
    const id = this.values.push(value + 0) - 1;
    this.#dense[value] = id;
    return id;
  }

  /** Values between the old and the new size may have been seen while the table was small: they move over. */
  #grow(value: number): void {
    const wider = new Int32Array(Math.min(denseCeiling, Math.max(value + 1, this.#dense.length * 2)));
    wider.set(this.#dense);
    for (const [item, id] of this.#primitives) {
      if (typeof item === "number" && item >= 0 && item < wider.length && item === Math.trunc(item))
        wider[item] = id;
    }
    this.#dense = wider;
  }

  #idIn<Key>(ids: Map<Key, number>, key: Key, value: HistoryValue): number {
    const known = ids.get(key);
    if (known !== undefined) return known;
    const id = this.values.push(value) - 1;
    ids.set(key, id);
    return id;
  }
}

/** Ids of (keyspace, key) pairs. */
export class KeyInterner {
  readonly keys: { readonly keyspace: string; readonly key: string }[] = [];
  readonly #byKeyspace = new Map<string, Map<string, number>>();

  idOf(keyspace: string, key: string): number {
    let ids = this.#byKeyspace.get(keyspace);
    if (ids === undefined) {
      ids = new Map();
      this.#byKeyspace.set(keyspace, ids);
    }
    let id = ids.get(key);
    if (id === undefined) {
      id = this.keys.push({ keyspace, key }) - 1;
      ids.set(key, id);
    }
    return id;
  }
}
