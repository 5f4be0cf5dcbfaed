import assert from "node:assert/strict";
import { axisOf, isInSilence } from "./axis.ts";
import { invented, operationsOf, staleRead } from "./histories.test-support.ts";

const room = { start: 100, end: 1_100, figure: 80 };

describe("axis of a picture", () => {
  it("is true to time where operations lie close together", () => {
    const told = operationsOf(invented(staleRead));
    const axis = axisOf(told, [], true, room);
    assert.equal(axis.kind, "clock");
    assert.deepEqual(axis.breaks, []);
    const lengths = told.map((operation) => axis.finish(operation) - axis.begin(operation));
    const perMs = (lengths[0] ?? 0) / 3;
    assert.deepEqual(
      lengths.map((length) => Math.round(length / perMs)),
      [3, 3, 4],
    );
    assert.deepEqual(
      axis.figures.map(({ label }) => label),
      ["2 ms", "4", "6", "8", "10", "12", "14", "16"],
    );
  });

  it("cuts silences short, however far operations lie apart, so that bars stay bars", () => {
    const told = operationsOf(
      invented([
        { process: 0, f: "write", value: 1, from: 1, to: 4 },
        { process: 1, f: "write", value: 2, from: 6_006, to: 6_009 },
        { process: 2, f: "read", result: 1, from: 912_012, to: 912_016 },
      ]),
    );
    const axis = axisOf(told, [], true, room);
    assert.deepEqual(
      axis.breaks.map(({ fromUs, toUs }) => toUs - fromUs),
      [6_002_000, 906_003_000],
    );
    for (const operation of told) assert.ok(axis.finish(operation) - axis.begin(operation) > 150);
    assert.deepEqual(
      axis.figures.map(({ label }) => label),
      "0.001 s 0.002 0.003 0.004 6.006 6.007 6.008 6.009 912.012 912.013 912.014 912.015 912.016".split(
        / (?=[\d])/,
      ),
    );
  });

  it("knows what would be a sliver in a silence that is cut short", () => {
    const history = invented([
      { process: 0, f: "write", value: 1, from: 1, to: 4 },
      { process: 1, f: "read", result: 1, from: 100, to: 103 },
      { process: 2, f: "read", result: 1, from: 50, to: 60 },
      { process: 3, f: "read", result: 1, from: 51, to: 101 },
      { process: 4, f: "write", value: 2, from: 52, to: null },
    ]);
    const [write, inside, across, open, read] = operationsOf(history);
    assert.ok(write !== undefined && read !== undefined && inside !== undefined);
    assert.deepEqual(
      [write, inside, across, open].map(
        (operation) => operation !== undefined && isInSilence(operation, [write, read], true),
      ),
      [false, true, false, false],
    );
    // Without a clock there is no silence, and what the picture tells of is none itself.
    assert.equal(isInSilence(inside, [write, read], false), false);
    assert.equal(isInSilence(inside, [write, inside, read], true), false);
  });

  it("cuts ten equal silences as it cuts one", () => {
    const told = operationsOf(
      invented(
        Array.from({ length: 11 }, (_, at) => ({
          process: at,
          f: "write",
          value: at,
          from: at * 1_000 + 1,
          to: at * 1_000 + 2,
        })),
      ),
    );
    const axis = axisOf(told, [], true, room);
    assert.equal(axis.breaks.length, 10);
    for (const operation of told) assert.ok(axis.finish(operation) - axis.begin(operation) > 20);
  });

  it("lets what was never answered run to the end", () => {
    const [open] = operationsOf(
      invented([
        { process: 0, f: "write", value: 1, from: 1, to: null },
        { process: 1, f: "read", result: 1, from: 2, to: 3 },
      ]),
    );
    assert.ok(open !== undefined);
    const axis = axisOf([open], [], false, room);
    assert.equal(axis.kind, "events");
    assert.equal(axis.finish(open), 1_100);
  });

  it("falls back to the order of events where there is no clock, or it is too coarse", () => {
    const told = operationsOf(invented(staleRead, [], false));
    for (const hasClock of [false, true]) {
      const axis = axisOf(told, [], hasClock, room);
      assert.equal(axis.kind, "events");
      assert.deepEqual(
        told.map((operation) => [axis.begin(operation), axis.finish(operation)].map(Math.round)),
        [
          [243, 386],
          [529, 671],
          [814, 957],
        ],
      );
      assert.deepEqual([axis.figures, axis.breaks], [[], []]);
    }
  });

  it("finds a fault's moment by time, or by its place among the events", () => {
    const told = operationsOf(invented(staleRead));
    const byClock = axisOf(told, [], true, room);
    const [first, second] = told;
    assert.ok(first !== undefined && second !== undefined);
    const between = byClock.moment({ index: 99, timeNs: 5e6 });
    assert.ok(between > byClock.finish(first) && between < byClock.begin(second));
    assert.deepEqual(
      [byClock.moment({ index: 0, timeNs: 0 }), byClock.moment({ index: 0, timeNs: 1e12 })],
      [100, 1_100],
    );
    const byOrder = axisOf(told, [], false, room);
    assert.equal(byOrder.moment({ index: 2, timeNs: 0 }), byOrder.begin(second));
    assert.ok(byOrder.moment({ index: 99, timeNs: 0 }) > byOrder.finish(told[2] ?? first));
  });
});
