import assert from "node:assert/strict";
import { parseKeyspaces } from "../options/parse-keyspaces.ts";
import { Membership } from "./membership.ts";
import type { MembershipState, NodeMember } from "./membership-state.ts";
import {
  canGiveUp,
  changeOf,
  everybody,
  isLater,
  isSameList,
  phaseAfter,
  steady,
} from "./membership-state.ts";

const nodes = (...ids: readonly string[]): NodeMember[] => ids.map((id) => ({ id, dc: "dc1" }));
const before = nodes("n3", "n1", "n2");
const after = nodes("n1", "n2", "n4");
const first = changeOf(steady(before, 7), after, "n1", ["n3"]);

/** All phases of a change, the first one first. */
function phasesFrom(state: MembershipState): readonly MembershipState[] {
  const phases = [state];
  for (let next = phaseAfter(state); next !== null; next = phaseAfter(next)) phases.push(next);
  return phases;
}

describe("membership state", () => {
  it("goes through all phases of a change, each with an epoch of its own", () => {
    const during = { members: before, next: after, leader: "n1", dead: ["n3"] };
    assert.deepEqual(phasesFrom(first), [
      { epoch: 8, phase: "write-both-read-old", ...during },
      { epoch: 9, phase: "streaming", ...during },
      { epoch: 10, phase: "write-both-read-new", ...during },
      { epoch: 11, phase: "steady", members: after, next: null, leader: null, dead: [] },
    ]);
    assert.deepEqual(phasesFrom(first).map(canGiveUp), [true, true, false, false]);
  });

  it("names everybody once, old and new owners, by id", () => {
    assert.deepEqual(everybody(first), nodes("n1", "n2", "n3", "n4"));
  });

  it("tells the later of two phases, and of two changes that begin at once the one that wins", () => {
    const other = changeOf(steady(before, 7), before, "n2", []);
    assert.deepEqual(
      [isLater(first, steady(before, 7)), isLater(steady(before, 7), first), isLater(first, first)],
      [true, false, false],
    );
    assert.deepEqual([isLater(other, first), isLater(first, other)], [true, false]);
  });

  it("takes lists for the same whatever their order, but not where a place or address differs", () => {
    assert.equal(isSameList(before, nodes("n1", "n2", "n3")), true);
    assert.equal(isSameList(before, after), false);
    assert.equal(isSameList(nodes("n1"), [{ id: "n1", dc: "dc2" }]), false);
    assert.equal(isSameList(nodes("n1"), [{ id: "n1", dc: "dc1", address: "localhost:1" }]), false);
  });
});

describe("membership", () => {
  const [pending, naive] = parseKeyspaces([
    { name: "p", n: 2 },
    { name: "q", n: 2, ring: "naive" },
  ]);
  assert.ok(pending !== undefined && naive !== undefined);
  const old = nodes("n1", "n2");
  const moved = nodes("n2", "n3");

  it("places keys by phase: where they are written, and where they are read", () => {
    const membership = new Membership(steady(old));
    const seen: unknown[] = [];
    const start = changeOf(steady(old), moved, "n1", []);
    for (const state of [steady(old), ...phasesFrom(start)]) {
      membership.adopt(state);
      const { nodes: owners, current, next, read } = membership.place(pending, "x");
      const named = (bits: number): string =>
        owners
          .filter((_, place) => (bits & (1 << place)) !== 0)
          .sort()
          .join(" ");
      seen.push([state.phase, named(current), named(next), named(read)]);
    }
    assert.deepEqual(seen, [
      ["steady", "n1 n2", "", "n1 n2"],
      ["write-both-read-old", "n1 n2", "n2 n3", "n1 n2"],
      ["streaming", "n1 n2", "n2 n3", "n1 n2"],
      ["write-both-read-new", "n1 n2", "n2 n3", "n2 n3"],
      ["steady", "n2 n3", "", "n2 n3"],
    ]);
  });

  it("goes to the new ring at once where that is asked for", () => {
    const membership = new Membership(changeOf(steady(old), moved, "n1", []));
    assert.deepEqual([...membership.place(naive, "x").nodes].sort(), ["n2", "n3"]);
    assert.equal(membership.isNewOwner(naive, "x", "n3"), false);
    assert.equal(membership.isNewOwner(pending, "x", "n3"), true);
    assert.equal(membership.isNewOwner(pending, "x", "n2"), false);
  });

  it("waits for members, old and new, for those of the phase before, and not for the dead", () => {
    const membership = new Membership(steady(nodes("n1", "n2", "n3")));
    membership.adopt(changeOf(membership.state, nodes("n1", "n4"), "n1", ["n3"]));
    const awaited = (): readonly string[] =>
      ["n1", "n2", "n3", "n4", "c1"].filter((id) => membership.isAwaited(id));
    assert.deepEqual(awaited(), ["n1", "n2", "n4"]);
    for (const state of phasesFrom(membership.state).slice(1)) membership.adopt(state);
    assert.deepEqual(awaited(), ["n1", "n2", "n4"]);
    membership.adopt(changeOf(membership.state, nodes("n1"), "n1", []));
    assert.deepEqual(awaited(), ["n1", "n4"]);
  });

  it("tells whoever observes it of later phases, and of no other", () => {
    const membership = new Membership(steady(old, 3));
    const heard: number[] = [];
    membership.observe(({ epoch }) => heard.push(epoch));
    assert.deepEqual(
      [3, 5, 4, 5, 6].map((epoch) => membership.adopt(steady(moved, epoch))),
      [false, true, false, false, true],
    );
    assert.deepEqual(heard, [5, 6]);
  });
});
