import assert from "node:assert/strict";
import { MessageKind } from "../messages.ts";
import type { ClientReply, ClientRequest } from "../request.ts";
import { FakeWorld } from "../testing/fake-world.test-support.ts";
import { contextOf, failureOf, valuesOf } from "../testing/replies.test-support.ts";

const three = ["n1", "n2", "n3"];

function worldOf(settings: object, defect?: string): FakeWorld {
  return new FakeWorld(three, [{ name: "k", ...settings }], defect);
}

type Asked = Partial<ClientRequest> & Pick<ClientRequest, "f">;

/** Asks, and waits until it is answered and everything has arrived everywhere. */
function done(world: FakeWorld, id: string, request: Asked): ClientReply[] {
  const replies = world.ask(id, request);
  world.run();
  return replies;
}

/** What each replica would show. */
function shownEverywhere(world: FakeWorld): readonly (readonly string[])[] {
  return three.map((id) => valuesOf(done(world, id, { f: "get", r: 1 })));
}

describe("siblings", () => {
  it("are left by concurrent puts, and replaced by a put with the context of a read", () => {
    const world = worldOf({ versions: "siblings" });
    world.ask("n1", { f: "put", value: '"a"' });
    world.ask("n2", { f: "put", value: '"b"' });
    world.run();
    const read = done(world, "n3", { f: "get" });
    assert.deepEqual(valuesOf(read), ['"a"', '"b"']);
    done(world, "n3", { f: "put", value: '"c"', context: contextOf(read) });
    assert.deepEqual(shownEverywhere(world), [['"c"'], ['"c"'], ['"c"']]);
    assert.deepEqual(world.node("n1").dump("k"), world.node("n2").dump("k"));
  });

  it("are left by blind puts through one node, too", () => {
    const world = worldOf({ versions: "siblings" });
    for (const value of ['"a"', '"b"']) done(world, "n1", { f: "put", value });
    assert.deepEqual(shownEverywhere(world)[2], ['"a"', '"b"']);
  });

  it("that a put's context has not seen stay beside it", () => {
    const world = worldOf({ versions: "siblings" });
    const first = done(world, "n1", { f: "put", value: '"a"' });
    done(world, "n1", { f: "put", value: '"b"' });
    done(world, "n2", { f: "put", value: '"c"', context: contextOf(first) });
    assert.deepEqual(shownEverywhere(world)[0], ['"b"', '"c"']);
  });

  it("get no context that covers what their writer was not shown", () => {
    const world = worldOf({ versions: "siblings" });
    const first = done(world, "n1", { f: "put", value: '"a"' });
    assert.match(contextOf(first), /^n1#0001[0-9a-f]*:1$/);
    const [second] = done(world, "n1", { f: "put", value: '"b"' });
    assert.equal(second?.kind === "ok" && second.context, null);
    const [third] = done(world, "n1", { f: "put", value: '"c"', context: contextOf(first) });
    assert.equal(third?.kind === "ok" && third.context, contextOf(first));
  });

  it("are deleted as far as the context covers them, late messages too", () => {
    const world = worldOf({ versions: "siblings", w: 1, r: 3 });
    world.route = (_from, to, message) =>
      message.kind === MessageKind.writeRequest && to === "n3" ? 150_000 : 1_000;
    done(world, "n1", { f: "put", value: '"a"', timeoutUs: 1_000 });
    const read = world.ask("n2", { f: "get", r: 1 });
    world.run(10_000);
    assert.deepEqual(valuesOf(read), ['"a"']);
    world.ask("n3", { f: "delete", context: contextOf(read) });
    world.ask("n2", { f: "put", value: '"b"' });
    world.run(400_000);
    assert.deepEqual(shownEverywhere(world), [['"b"'], ['"b"'], ['"b"']]);
  });

  it("are all deleted without a context, and show nothing", () => {
    const world = worldOf({ versions: "siblings" });
    for (const value of ['"a"', '"b"']) done(world, "n1", { f: "put", value });
    done(world, "n2", { f: "delete" });
    assert.deepEqual(shownEverywhere(world), [[], [], []]);
    assert.equal(world.node("n3").tombstones("k"), 1);
  });

  it("survive a power loss of everybody, with dots that no later life makes again", () => {
    const world = worldOf({ versions: "siblings", actor: "incarnation" });
    done(world, "n1", { f: "put", value: '"a"' });
    for (const id of three) world.cutPower(id);
    for (const id of three) world.start(id);
    done(world, "n1", { f: "put", value: '"b"' });
    assert.deepEqual(shownEverywhere(world), [
      ['"a"', '"b"'],
      ['"a"', '"b"'],
      ['"a"', '"b"'],
    ]);
  });

  it("go on counting from what the replica holds where the actor is the node", () => {
    const world = worldOf({ versions: "siblings", actor: "node" });
    done(world, "n1", { f: "put", value: '"a"' });
    world.cutPower("n1");
    world.start("n1");
    done(world, "n1", { f: "put", value: '"b"' });
    const read = done(world, "n2", { f: "get" });
    assert.deepEqual(valuesOf(read), ['"a"', '"b"']);
    assert.equal(contextOf(read), "n1#:2");
  });

  it("lose one of two blind puts under plain vectors (C8b)", () => {
    const world = worldOf({ versions: "siblings", siblings: "vectors" });
    for (const value of ['"a"', '"b"']) done(world, "n1", { f: "put", value });
    assert.deepEqual(shownEverywhere(world)[1], ['"b"']);
    done(world, "n2", { f: "put", value: '"c"' });
    assert.deepEqual(shownEverywhere(world)[1], ['"b"', '"c"']);
  });

  it("under plain vectors are replaced and deleted by who has seen them", () => {
    const world = worldOf({ versions: "siblings", siblings: "vectors" });
    const first = done(world, "n1", { f: "put", value: '"a"' });
    done(world, "n2", { f: "put", value: '"b"', context: contextOf(first) });
    assert.deepEqual(shownEverywhere(world)[2], ['"b"']);
    done(world, "n3", { f: "delete" });
    assert.deepEqual(shownEverywhere(world), [[], [], []]);
  });

  it("sent alone are lost where the earlier one comes later (C8c), and kept where it does not", () => {
    const shown = (firstUs: number): readonly string[] => {
      const world = worldOf({ versions: "siblings", replicate: "new-sibling" });
      world.route = (_from, _to, { kind, state }) =>
        kind === MessageKind.writeRequest && state.entries[0]?.value === '"a"' ? firstUs : 1_000;
      world.ask("n1", { f: "put", value: '"a"' });
      world.run(5_000);
      world.ask("n1", { f: "put", value: '"b"' });
      world.run();
      return valuesOf(done(world, "n2", { f: "get" }));
    };
    assert.deepEqual(shown(1_000), ['"a"', '"b"']);
    assert.deepEqual(shown(30_000), ['"b"']);
  });
});

describe("a change of a key with dots", () => {
  it("is not sent before the coordinator's own disk has it", () => {
    const world = worldOf({ versions: "siblings" });
    world.syncUs = 10_000;
    const put = world.ask("n1", { f: "put", value: '"a"' });
    world.run(9_000);
    assert.deepEqual(world.sent, []);
    world.cutPower("n1");
    world.start("n1");
    world.run();
    assert.deepEqual(put, []);
    assert.deepEqual(valuesOf(done(world, "n2", { f: "get" })), []);
  });

  it("builds on those before it that are still being written", () => {
    const world = worldOf({ versions: "pn-counter" });
    world.syncUs = 10_000;
    const replies = [1, 2, 3].map((amount) => world.ask("n1", { f: "increment", value: `${amount}` }));
    world.run();
    for (const reply of replies) assert.deepEqual(valuesOf(reply), []);
    assert.deepEqual(shownEverywhere(world), [["6"], ["6"], ["6"]]);
  });

  it("fails when the own disk does, for it may be there after a restart", () => {
    const world = worldOf({ versions: "siblings" });
    world.disk("n1").isBroken = true;
    const failure = failureOf(done(world, "n1", { f: "put", value: '"a"' }));
    assert.deepEqual([failure.error, failure.indeterminate], ["DiskFailed", true]);
    assert.deepEqual(valuesOf(done(world, "n2", { f: "get" })), []);
  });

  it("is refused by a replica that may have forgotten what it acknowledged", () => {
    const world = worldOf({ versions: "siblings" });
    done(world, "n1", { f: "put", value: '"a"' });
    world.kill("n1");
    world.disk("n1").tearLast();
    world.start("n1");
    const refused = failureOf(world.ask("n1", { f: "put", value: '"b"' }));
    assert.deepEqual([refused.error, refused.indeterminate], ["NotReady", false]);
    world.run();
    assert.deepEqual(valuesOf(done(world, "n1", { f: "put", value: '"b"' })), []);
    assert.deepEqual(shownEverywhere(world)[1], ['"a"', '"b"']);
  });

  it("fails when time is up, whether its own disk or the others are late", () => {
    const slow = worldOf({ versions: "siblings" });
    slow.syncUs = 100_000;
    const atDisk = failureOf(done(slow, "n1", { f: "put", value: '"a"' }));
    assert.deepEqual([atDisk.error, atDisk.needed, atDisk.indeterminate], ["Timeout", 2, true]);
    const cut = worldOf({ versions: "siblings" });
    cut.route = () => null;
    const atOthers = failureOf(done(cut, "n1", { f: "put", value: '"a"' }));
    assert.deepEqual([atOthers.error, atOthers.got, atOthers.indeterminate], ["Timeout", 1, true]);
  });

  it("is refused above the bound of values side by side, unless it replaces them", () => {
    const world = worldOf({ versions: "siblings", w: 1, r: 1 });
    world.route = () => null;
    for (let count = 0; count < 4_000; count += 1) {
      world.ask("n1", { f: "put", value: `${count}` });
      world.run(200);
    }
    const refused = failureOf(done(world, "n1", { f: "put", value: '"a"' }));
    assert.deepEqual([refused.error, refused.indeterminate], ["Overloaded", false]);
    assert.match(refused.message, /"x" has 4000 values side by side; read it, and write/);
    const read = done(world, "n1", { f: "get" });
    done(world, "n1", { f: "put", value: '"a"', context: contextOf(read) });
    assert.deepEqual(valuesOf(done(world, "n1", { f: "get" })), ['"a"']);
  }).timeout(20_000);
});

describe("a counter", () => {
  it("adds up what every coordinator was asked, up and down, and shows nothing before", () => {
    const world = worldOf({ versions: "pn-counter" });
    assert.deepEqual(shownEverywhere(world)[0], []);
    for (const [id, value] of [
      ["n1", "5"],
      ["n2", "-7"],
      ["n1", "1"],
      ["n3", "4"],
    ] as const) {
      world.ask(id, { f: "increment", value });
    }
    world.run();
    assert.deepEqual(shownEverywhere(world), [["3"], ["3"], ["3"]]);
  });

  it("counts once what the network doubles and what a client repeats", () => {
    const world = worldOf({ versions: "pn-counter" });
    world.route = (from, to, message) => {
      world.later(20_000, () => world.deliver(from, to, message));
      return 1_000;
    };
    for (const requestId of ["one", "one", "two"]) {
      done(world, "n1", { f: "increment", value: "1", requestId });
    }
    assert.deepEqual(shownEverywhere(world), [["2"], ["2"], ["2"]]);
  });

  it("keeps the sums of a node's earlier lives apart from those of this one", () => {
    const world = worldOf({ versions: "pn-counter" });
    for (let life = 0; life < 3; life += 1) {
      done(world, "n1", { f: "increment", value: "2" });
      world.cutPower("n1");
      world.start("n1");
    }
    assert.deepEqual(shownEverywhere(world), [["6"], ["6"], ["6"]]);
  });

  it("sent by its newest entry alone loses nothing", () => {
    const world = worldOf({ versions: "pn-counter", replicate: "new-sibling" });
    for (const id of ["n1", "n1", "n2"]) done(world, id, { f: "increment", value: "1" });
    assert.deepEqual(shownEverywhere(world), [["3"], ["3"], ["3"]]);
  });
});

describe("a set", () => {
  it("shows its items once and sorted, nothing before the first, and an empty list after the last", () => {
    const world = worldOf({ versions: "or-set" });
    assert.deepEqual(shownEverywhere(world)[0], []);
    for (const [id, value] of [
      ["n1", '"milk"'],
      ["n2", ' "eggs"'],
      ["n3", '"milk"'],
      ["n3", '{"b": 1, "a": [2]}'],
    ] as const) {
      done(world, id, { f: "add", value });
    }
    assert.deepEqual(shownEverywhere(world)[1], ['["eggs","milk",{"a":[2],"b":1}]']);
    done(world, "n1", { f: "remove", value: '{"a":[2],"b":1}' });
    assert.deepEqual(shownEverywhere(world)[1], ['["eggs","milk"]']);
    done(world, "n1", { f: "delete" });
    assert.deepEqual(shownEverywhere(world), [["[]"], ["[]"], ["[]"]]);
  });

  it("keeps an add that the remove's context has not seen", () => {
    const world = worldOf({ versions: "or-set" });
    const first = done(world, "n1", { f: "add", value: '"milk"' });
    done(world, "n2", { f: "add", value: '"milk"' });
    done(world, "n1", { f: "remove", value: '"milk"', context: contextOf(first) });
    assert.deepEqual(shownEverywhere(world), [['["milk"]'], ['["milk"]'], ['["milk"]']]);
  });

  it("removes at a coordinator that never got the add, when it comes and wherever it is (C11)", () => {
    const world = worldOf({ versions: "or-set" });
    world.route = (_from, to, { kind, state }) =>
      kind === MessageKind.writeRequest && to === "n3" && state.entries.length < 3 ? 60_000 : 1_000;
    world.ask("n1", { f: "add", value: '"milk"' });
    world.run(5_000);
    world.ask("n1", { f: "add", value: '"eggs"' });
    world.run(5_000);
    const read = world.ask("n2", { f: "get" });
    world.run(5_000);
    assert.deepEqual(valuesOf(read), ['["eggs","milk"]']);
    const remove = world.ask("n3", { f: "remove", value: '"milk"', context: contextOf(read) });
    world.run(5_000);
    assert.deepEqual(valuesOf(remove), []);
    world.run();
    assert.deepEqual(shownEverywhere(world), [['["eggs"]'], ['["eggs"]'], ['["eggs"]']]);
    // The pending remove has gone with the last dot that it waited for.
    done(world, "n1", { f: "add", value: '"ham"' });
    assert.deepEqual(world.node("n3").dump("k"), world.node("n1").dump("k"));
    assert.equal(
      world.sent[world.sent.length - 3]?.message.state.entries.some(({ deleted }) => deleted),
      false,
    );
  });

  it("brings an item back where removes take the coordinator's own view (C11b)", () => {
    const shown = (removes: string): readonly string[] => {
      const world = worldOf({ versions: "or-set", removes });
      world.route = (_from, to, { kind }) =>
        kind === MessageKind.writeRequest && to === "n3" ? 60_000 : 1_000;
      world.ask("n1", { f: "add", value: '"milk"' });
      world.run(5_000);
      const read = world.ask("n2", { f: "get" });
      world.run(5_000);
      world.ask("n3", { f: "remove", value: '"milk"', context: contextOf(read) });
      world.run();
      return valuesOf(done(world, "n1", { f: "get" }));
    };
    assert.deepEqual(shown("own-view"), ['["milk"]']);
    assert.deepEqual(shown("context"), ["[]"]);
  });
});

describe("a cart", () => {
  it("adds quantities up, removes what was seen, and is an empty object in the end", () => {
    const world = worldOf({ versions: "or-cart" });
    done(world, "n1", { f: "add", value: '"milk"', quantity: 2 });
    const read = done(world, "n2", { f: "get" });
    done(world, "n2", { f: "add", value: '"milk"', quantity: 3 });
    done(world, "n3", { f: "add", value: "7" });
    assert.deepEqual(shownEverywhere(world)[0], ['{"7":1,"milk":5}']);
    done(world, "n1", { f: "remove", value: '"milk"', context: contextOf(read) });
    assert.deepEqual(shownEverywhere(world)[2], ['{"7":1,"milk":3}']);
    done(world, "n1", { f: "delete" });
    assert.deepEqual(shownEverywhere(world), [["{}"], ["{}"], ["{}"]]);
  });
});
