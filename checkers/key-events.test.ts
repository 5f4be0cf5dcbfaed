import assert from "node:assert/strict";
import type { History } from "../harness/history/history.ts";
import { never } from "../harness/history/history.ts";
import type { Deed } from "./history-of.test-support.ts";
import { historyOf } from "./history-of.test-support.ts";
import type { KeyEvents } from "./key-events.ts";
import { besideEventsOfKey, eventsOfKey, keyEvents, lowerBound, Meaning } from "./key-events.ts";
import { erase, read, swap, write } from "./register/deeds.test-support.ts";

/** Made anew for each test, because what is found in a history is kept. */
const twoKeys = (): History =>
  historyOf([
    write(5, 0, 9),
    read(5, 1, 4, { key: "y" }),
    erase(2, 3),
    read(null, 5, null),
    swap(5, 6, 6, 7),
    write(6, 8, 12, { key: "y", type: "fail" }),
    read(5, 10, 11, { type: "info" }),
    { f: "add", value: 1, from: 13, to: 14, key: "y" },
  ]);

function plain(index: KeyEvents, key: number): { events: number[]; beside: number[] } {
  return { events: [...eventsOfKey(index, key)], beside: [...besideEventsOfKey(index, key)] };
}

const meant = (value: number, meaning: number): number => 4 * value + meaning;

describe("events by key", () => {
  it("are in order, with what they mean and where they began", () => {
    const history = twoKeys();
    const index = keyEvents(history);
    assert.deepEqual([...index.offsets], [0, 8, 14]);
    assert.deepEqual(plain(index, 0), {
      events: [0, 2, ~2, 3, 4, ~4, ~0, 6],
      beside: [
        meant(1, Meaning.leaves),
        meant(0, Meaning.leaves),
        1,
        Meaning.none,
        meant(0, Meaning.more),
        4,
        0,
        Meaning.none,
      ],
    });
    assert.deepEqual(plain(index, 1), {
      events: [1, ~1, 5, ~5, 7, ~7],
      beside: [meant(1, Meaning.found), 0, Meaning.none, 2, Meaning.none, 4],
    });
    assert.deepEqual([...index.callAt], [0, 0, 1, 3, 4, 2, 7, 4]);
    assert.deepEqual(
      [...index.cellOfValue],
      history.values.map(() => 0),
    );
    assert.equal(keyEvents(history), index);
  });

  it("are the same however far apart their indices are", () => {
    const history = twoKeys();
    const spread = (by: number): History => {
      const far = (column: Int32Array): Int32Array =>
        column.map((index) => (index === never ? never : 7 + index * by));
      return {
        ...history,
        invokeIndex: far(history.invokeIndex),
        completeIndex: far(history.completeIndex),
      };
    };
    const index = keyEvents(history);
    for (const by of [1, 3, 90, 1_000_000]) assert.deepEqual(keyEvents(spread(by)), index, `${by}`);
  });

  it("are all there, whatever began or ended last", () => {
    const eventsIn = (...deeds: readonly Deed[]): number[] => [...keyEvents(historyOf(deeds)).events];
    assert.deepEqual(eventsIn(write(1, 0, 3), read(1, 1, 2)), [0, 1, ~1, ~0]);
    assert.deepEqual(eventsIn(write(1, 0, 2), read(1, 1, null)), [0, 1, ~0]);
    assert.deepEqual(eventsIn(write(1, 0, null)), [0]);
  });

  it("of deletes leave nothing, whatever stands beside them", () => {
    const { beside } = keyEvents(historyOf([write(7, 0, 1), erase(2, 3, { value: 7 })]));
    assert.deepEqual([...beside], [meant(1, Meaning.leaves), 0, meant(0, Meaning.leaves), 2]);
  });

  it("are none of an empty history", () => {
    const { offsets, events } = keyEvents(historyOf([]));
    assert.deepEqual([[...offsets], [...events]], [[0], []]);
  });
});

describe("lowerBound", () => {
  it("counts the numbers below a limit", () => {
    const found = [0, 1, 2, 3, 9, 10].map((limit) => lowerBound([1, 2, 2, 9], limit));
    assert.deepEqual(found, [0, 0, 1, 3, 3, 4]);
    assert.equal(lowerBound([], 5), 0);
  });
});
