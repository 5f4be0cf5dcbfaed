import assert from "node:assert/strict";
import fc from "fast-check";
import type { Keyspace } from "../options/keyspace.ts";
import { parseKeyspaces } from "../options/parse-keyspaces.ts";
import { standardSiblingPolicies } from "../policies/sibling-policies.ts";
import type { ClientRequest } from "../request.ts";
import type { CausalChange } from "./causal-change.ts";
import { causalChange } from "./causal-change.ts";
import type { State, Version, VersionVector } from "./version.ts";
import { noContext, nothing } from "./version.ts";
import { hasEvent } from "./version-vector.ts";
import { versioningOf } from "./versioning-of.ts";

const nodes = ["n1", "n2", "n3"];
const items = ['"eggs"', '"milk"'];

/** One step of a script. `seen` chooses the read whose context is carried; −1 carries none. */
interface Step {
  readonly does: "change" | "remove" | "read" | "gossip";
  readonly at: number;
  readonly with: number;
  readonly item: number;
  readonly seen: number;
}

const script: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.record({
    does: fc.constantFrom("change", "change", "remove", "read", "gossip", "gossip"),
    at: fc.nat({ max: nodes.length - 1 }),
    with: fc.nat({ max: nodes.length - 1 }),
    item: fc.nat({ max: items.length - 1 }),
    seen: fc.integer({ min: -1, max: 6 }),
  }),
  { maxLength: 24 },
);

/** A write of the script, and whether it was observed by something that takes it away. */
interface Written {
  readonly version: Version;
  readonly text: string;
  readonly amount: number;
  isGone: boolean;
}

/** Three replicas that tell one another what they hold, and a list of what was written. */
class Replicas {
  readonly keyspace: Keyspace;
  readonly states: State[] = nodes.map(() => nothing);
  readonly written: Written[] = [];
  readonly #reads: VersionVector[] = [];
  readonly #sequences = nodes.map(() => 0);

  constructor(settings: object) {
    const [keyspace] = parseKeyspaces([{ name: "k", ...settings }]);
    if (keyspace === undefined) throw new Error("no keyspace");
    this.keyspace = keyspace;
  }

  run(
    steps: readonly Step[],
    f: { readonly change: ClientRequest["f"]; readonly remove: ClientRequest["f"] },
  ): this {
    for (const step of steps) {
      if (step.does === "gossip") this.#gossip(step.with, step.at);
      else if (step.does === "read") this.#read(step.at, step.with);
      else this.#change(step, step.does === "change" ? f.change : f.remove);
    }
    return this;
  }

  /** All that anybody holds, merged in the order of these places. */
  merged(order: readonly number[]): State {
    const { merge } = versioningOf(this.keyspace);
    return order.map((place) => this.#at(place)).reduce(merge);
  }

  shown(): readonly string[] {
    return versioningOf(this.keyspace).show(this.merged([0, 1, 2]));
  }

  left(): readonly Written[] {
    return this.written.filter(({ isGone }) => !isGone);
  }

  #at(place: number): State {
    return this.states[place] ?? nothing;
  }

  #gossip(from: number, to: number): void {
    this.states[to] = versioningOf(this.keyspace).merge(this.#at(to), this.#at(from));
  }

  #read(one: number, other: number): void {
    this.#reads.push(versioningOf(this.keyspace).merge(this.#at(one), this.#at(other)).context);
  }

  #change({ at, item, seen }: Step, f: ClientRequest["f"]): void {
    const held = this.#at(at);
    const context = this.#reads[seen] ?? null;
    const amount = 1 + item;
    const value = this.#valueOf(f, item);
    const change = this.#changed(at, held, { f, value, quantity: amount }, context);
    this.states[at] = change.state;
    // Without a context a put has seen nothing, and everything else what its coordinator holds.
    this.#takeAway(f, value, context ?? (f === "put" ? noContext : held.context));
    const [made] = change.reply.entries;
    if (made !== undefined) {
      this.written.push({ version: made.version, text: value ?? "", amount, isGone: false });
    }
  }

  #valueOf(f: ClientRequest["f"], item: number): string | null {
    if (f === "delete") return null;
    if (f === "put") return `"${this.written.length}"`;
    return f === "increment" ? `${1 + item}` : (items[item] ?? null);
  }

  #takeAway(f: ClientRequest["f"], value: string | null, observed: VersionVector): void {
    if (f === "add" || f === "increment") return;
    for (const each of this.written) {
      const isMeant = f !== "remove" || each.text === value;
      if (isMeant && hasEvent(observed, each.version)) each.isGone = true;
    }
  }

  #changed(
    at: number,
    held: State,
    request: Pick<ClientRequest, "f" | "value" | "quantity">,
    context: VersionVector | null,
  ): CausalChange {
    const policies = standardSiblingPolicies;
    const dot = (known: VersionVector): Version => {
      const sequence = (this.#sequences[at] ?? 0) + 1;
      this.#sequences[at] = sequence;
      return policies.dot(this.keyspace, known, nodes[at] ?? "", "00", sequence);
    };
    return causalChange({ keyspace: this.keyspace, request, context, policies, dot }, held);
  }
}

const kinds = {
  siblings: { change: "put", remove: "delete" },
  "or-set": { change: "add", remove: "remove" },
  "or-cart": { change: "add", remove: "remove" },
  "pn-counter": { change: "increment", remove: "increment" },
} as const;

/** What readers are shown once everybody knows everything, from the definition. */
const shownBy: { readonly [Kind in keyof typeof kinds]: (replicas: Replicas) => readonly string[] } = {
  siblings: (replicas) =>
    replicas
      .left()
      .map(({ text }) => text)
      .sort(),
  "or-set": (replicas) => {
    if (replicas.written.length === 0) return [];
    return [`[${[...new Set(replicas.left().map(({ text }) => text))].sort().join(",")}]`];
  },
  "or-cart": (replicas) => {
    if (replicas.written.length === 0) return [];
    const sums = items.flatMap((item) => {
      const amounts = replicas
        .left()
        .filter(({ text }) => text === item)
        .map(({ amount }) => amount);
      return amounts.length === 0 ? [] : [`${item}:${amounts.reduce((sum, amount) => sum + amount)}`];
    });
    return [`{${sums.join(",")}}`];
  },
  "pn-counter": ({ written }) =>
    written.length === 0 ? [] : [`${written.reduce((sum, { amount }) => sum + amount, 0)}`],
};

for (const [name, f] of Object.entries(kinds)) {
  const kind = name as keyof typeof kinds;
  describe(`changes of ${kind}`, () => {
    for (const actor of ["incarnation", "node"]) {
      it(`add up, whoever heard of them in what order, to what was written and not taken away (${actor})`, () => {
        fc.assert(
          fc.property(script, (steps) => {
            const replicas = new Replicas({ versions: kind, actor }).run(steps, f);
            assert.deepEqual([...replicas.shown()].sort(), shownBy[kind](replicas));
          }),
          { numRuns: 400 },
        );
      });
    }

    it("leave states that merge commutatively, associatively and idempotently", () => {
      fc.assert(
        fc.property(script, (steps) => {
          const replicas = new Replicas({ versions: kind }).run(steps, f);
          const { merge } = versioningOf(replicas.keyspace);
          const [a = nothing, b = nothing, c = nothing] = replicas.states;
          assert.deepEqual(merge(a, b), merge(b, a));
          assert.deepEqual(merge(a, merge(b, c)), merge(merge(a, b), c));
          assert.equal(merge(a, a), a);
          assert.deepEqual(replicas.merged([0, 1, 2]), replicas.merged([2, 0, 1]));
        }),
        { numRuns: 400 },
      );
    });

    it("leave states that keep themselves exactly when they cover the other's digest", () => {
      fc.assert(
        fc.property(script, (steps) => {
          const replicas = new Replicas({ versions: kind }).run(steps, f);
          const { merge, covers } = versioningOf(replicas.keyspace);
          const [held = nothing, arriving = nothing] = replicas.states;
          const entries = arriving.entries.map(({ version }) => ({ version, value: null, deleted: false }));
          assert.equal(covers(held, { entries, context: arriving.context }), merge(held, arriving) === held);
        }),
        { numRuns: 400 },
      );
    });
  });
}
