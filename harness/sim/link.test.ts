import assert from "node:assert/strict";
import { harmless, Link, lost, refused, swallowed } from "./link.ts";
import { World } from "./world.ts";

const writeRequest = 1;

function freshLink(): Link {
  return new Link(new World(7, null, null), 512);
}

/** The fates of the messages of so many operations. */
function fates(link: Link, operations: number): number[] {
  return Array.from({ length: operations }, (_, index) =>
    link.fateUs(writeRequest, "writeRequest", index + 1, 0),
  );
}

describe("link", () => {
  it("adds nothing while no fault is on it", () => {
    const link = freshLink();
    assert.ok(link.isSound);
    assert.deepEqual(new Set(fates(link, 100)), new Set([0]));
  });

  it("stops everything while it is cut, and refusing is stronger than swallowing", () => {
    const link = freshLink();
    link.strike(1, { cut: "black-hole" });
    assert.deepEqual(fates(link, 3), [swallowed, swallowed, swallowed]);
    link.strike(2, { cut: "refuse" });
    assert.deepEqual(fates(link, 3), [refused, refused, refused]);
    link.restore(2);
    assert.deepEqual(fates(link, 3), [swallowed, swallowed, swallowed]);
  });

  it("loses about the share that it should", () => {
    const link = freshLink();
    link.strike(1, { losePercent: 20 });
    const gone = fates(link, 10_000).filter((fate) => fate === lost).length;
    assert.ok(gone > 1_850 && gone < 2_150, `${gone} of 10,000 are lost`);
  });

  it("adds up the delays of several faults, and undoes one without the others", () => {
    const link = freshLink();
    link.strike(1, { addUs: 1_000 });
    link.strike(2, { addUs: 200, jitterUs: 50 });
    const both = fates(link, 500);
    assert.equal(Math.min(...both), 1_200);
    assert.equal(Math.max(...both), 1_250);
    link.restore(2);
    link.restore(2);
    assert.deepEqual(new Set(fates(link, 10)), new Set([1_000]));
    link.restore(1);
    assert.ok(link.isSound);
  });

  it("keeps back a share of the messages, by at most so much, so that they are overtaken", () => {
    const link = freshLink();
    link.strike(1, { reorderPercent: 30, reorderByUs: 500 });
    const late = fates(link, 10_000).filter((fate) => fate > 0);
    assert.ok(late.length > 2_800 && late.length < 3_200, `${late.length} of 10,000 are late`);
    assert.ok(Math.max(...late) <= 500 && Math.min(...late) >= 1);
    assert.ok(new Set(late).size > 300, "they are late by different times");
  });

  it("holds one operation on one leg", () => {
    const link = freshLink();
    link.strike(1, { hold: { operation: 2, leg: "writeRequest", byUs: 900 } });
    assert.deepEqual(fates(link, 3), [0, 900, 0]);
    assert.equal(link.fateUs(2, "writeAck", 2, 0), 0);
  });

  it("makes a copy for each fault that doubles", () => {
    const link = freshLink();
    link.strike(1, { duplicatePercent: 100 });
    link.strike(2, { duplicatePercent: 100 });
    assert.equal(link.copies(writeRequest, 1, 0), 2);
    link.restore(1);
    assert.equal(link.copies(writeRequest, 1, 0), 1);
  });

  it("draws for a fault as if it were alone", () => {
    const alone = freshLink();
    alone.strike(2, { losePercent: 50 });
    const together = freshLink();
    together.strike(1, { losePercent: 0, addUs: 5, jitterUs: 100 });
    together.strike(2, { losePercent: 50 });
    const lostAlone = fates(alone, 1_000).map((fate) => fate === lost);
    assert.deepEqual(
      fates(together, 1_000).map((fate) => fate === lost),
      lostAlone,
    );
  });

  it("keeps what a fault has done when the same fault does more", () => {
    const link = freshLink();
    link.strike(1, { addUs: 10 });
    link.strike(1, { jitterUs: 3 });
    assert.deepEqual(link.faults, [{ ...harmless(1), addUs: 10, jitterUs: 3 }]);
  });
});
