import assert from "node:assert/strict";
import type { DumpedKey } from "./dumped-key.ts";
import { MessageKind } from "./messages.ts";
import type { ClientRequest } from "./request.ts";
import { FakeWorld } from "./testing/fake-world.test-support.ts";

const three = ["n1", "n2", "n3"];

const worldOf = (settings: Record<string, unknown>): FakeWorld =>
  new FakeWorld(three, [{ name: "k", n: 3, w: 2, r: 2, ...settings }]);

/** Asks, lets everything happen, and gives the context of the reply. */
function done(
  world: FakeWorld,
  node: string,
  request: Partial<ClientRequest> & Pick<ClientRequest, "f">,
): string {
  const replies = world.ask(node, request);
  world.run();
  const [reply] = replies;
  if (reply?.kind !== "ok") throw new Error(`not a success: ${JSON.stringify(reply)}`);
  return reply.context ?? "";
}

const dumpsOf = (world: FakeWorld): readonly (readonly DumpedKey[])[] =>
  three.map((id) => world.node(id).dump("k"));

const shown = (dump: readonly DumpedKey[] | undefined): unknown[] =>
  (dump?.[0]?.values ?? []).map(({ value, deleted }) => (deleted ? "deleted" : value));

describe("a dump", () => {
  it("shows an entry as it is held, its tombstone too", () => {
    const world = worldOf({});
    done(world, "n1", { f: "put", value: "a" });
    const [before] = dumpsOf(world);
    assert.deepEqual(before, [
      { key: "x", values: [{ value: "a", version: "@1000000 n1#0001.1", deleted: false }] },
    ]);
    done(world, "n1", { f: "delete" });
    assert.deepEqual(shown(dumpsOf(world)[2]), ["deleted"]);
  });

  it("shows every sibling with the context of all, and a key of which only the context is left as deleted", () => {
    const world = worldOf({ versions: "siblings" });
    done(world, "n1", { f: "put", value: '"a"' });
    done(world, "n2", { f: "put", value: '"b"' });
    const [first, ...others] = dumpsOf(world);
    assert.deepEqual(shown(first).sort(), ['"a"', '"b"']);
    assert.match(first?.[0]?.values[0]?.version ?? "", /^n1#0001\d{12}:1,n2#0002\d{12}:1$/);
    for (const other of others) assert.deepEqual(other, first);
    const context = done(world, "n3", { f: "get" });
    done(world, "n3", { f: "delete", context });
    for (const dump of dumpsOf(world)) assert.deepEqual(shown(dump), ["deleted"]);
  });

  it("shows what a reader of a counter, a set or a cart would see", () => {
    const counter = worldOf({ versions: "pn-counter" });
    done(counter, "n1", { f: "increment", value: "5" });
    done(counter, "n2", { f: "increment", value: "-2" });
    for (const dump of dumpsOf(counter)) assert.deepEqual(shown(dump), ["3"]);
    const set = worldOf({ versions: "or-set" });
    done(set, "n2", { f: "add", value: '"milk"' });
    done(set, "n1", { f: "add", value: '"eggs"' });
    for (const dump of dumpsOf(set)) assert.deepEqual(shown(dump), ['["eggs","milk"]']);
    const cart = worldOf({ versions: "or-cart" });
    done(cart, "n1", { f: "add", value: '"milk"', quantity: 2 });
    done(cart, "n1", { f: "add", value: '"eggs"' });
    for (const dump of dumpsOf(cart)) assert.deepEqual(shown(dump), ['{"eggs":1,"milk":2}']);
  });

  it("tells replicas apart that show different things", () => {
    const world = worldOf({ versions: "siblings", w: 1 });
    world.route = (_from, to, { kind }) => (kind === MessageKind.writeRequest && to === "n3" ? null : 1_000);
    done(world, "n1", { f: "put", value: '"a"' });
    const [first, second, third] = dumpsOf(world);
    assert.deepEqual(second, first);
    assert.notDeepEqual(third, first);
  });
});
