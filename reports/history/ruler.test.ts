import assert from "node:assert/strict";
import { figuresOf } from "./ruler.ts";

const labels = (fromUs: number, toUs: number, width: number, room: number): string[] => {
  const place = (us: number): number => ((us - fromUs) / (toUs - fromUs)) * width;
  const stretch = { fromUs, toUs, place };
  return figuresOf([stretch], (toUs - fromUs) / width, toUs, room).map(({ label }) => label);
};

describe("figures of an axis", () => {
  it("count in the unit of the last time, with no more decimals than they need", () => {
    assert.deepEqual(labels(0, 450, 450, 90), ["0 µs", "100", "200", "300", "400"]);
    assert.deepEqual(labels(0, 5_000, 500, 90), ["0 ms", "1", "2", "3", "4", "5"]);
    assert.deepEqual(labels(4_200_000, 4_201_000, 500, 90), [
      "4.2 s",
      "4.2002",
      "4.2004",
      "4.2006",
      "4.2008",
      "4.201",
    ]);
    assert.deepEqual(labels(0, 36_000_000_000, 500, 90), ["0 s", "10000", "20000", "30000"]);
  });

  it("reach down to nanoseconds", () => {
    assert.deepEqual(labels(0, 0.5, 500, 90), ["0 µs", "0.1", "0.2", "0.3", "0.4", "0.5"]);
  });

  it("give a stretch too short for a figure the time at which it begins", () => {
    const stretches = [
      { fromUs: 1_234, toUs: 1_300, place: () => 10 },
      { fromUs: 7_777_777, toUs: 7_777_900, place: () => 300 },
    ];
    assert.deepEqual(figuresOf(stretches, 100, 7_777_900, 80), [
      { at: 10, label: "0.001 s" },
      { at: 300, label: "7.778" },
    ]);
  });
});
