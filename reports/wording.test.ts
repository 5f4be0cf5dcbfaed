import assert from "node:assert/strict";
import {
  capital,
  counted,
  cut,
  duration,
  figure,
  listed,
  milliseconds,
  offset,
  rate,
  sentence,
  shortFigure,
  shortRate,
  shown,
} from "./wording.ts";

describe("wording", () => {
  it("writes figures with commas and counts with the right noun", () => {
    assert.deepEqual([0, 999, 1_000, 1_041_600].map(figure), ["0", "999", "1,000", "1,041,600"]);
    assert.deepEqual([counted(1, "run"), counted(2, "run")], ["1 run", "2 runs"]);
  });

  it("says rates as people do, and never “1 in 1”", () => {
    const said = [
      [10, 1_180],
      [41, 100],
      [99, 100],
      [100, 100],
      [0, 100],
      [1, 2],
    ].map(([hits = 0, runs = 0]) => rate(hits, runs));
    assert.deepEqual(said, ["1 in 118", "1 in 2.4", "nearly every run", "every run", "none", "1 in 2"]);
  });

  it("keeps short figures within the columns of a terminal", () => {
    assert.deepEqual([1, 999, 1_400, 12_400, 2_000_000].map(shortFigure), ["1", "999", "1k", "12k", "2M"]);
    assert.deepEqual([shortRate(10, 1_180), shortRate(1, 12_400)], ["1/118", "1/12k"]);
  });

  it("takes the largest unit that keeps a time short", () => {
    assert.deepEqual([60_000_000, 412_000, 2_500, 250].map(duration), ["60 s", "412 ms", "2.5 ms", "250 µs"]);
    assert.deepEqual([offset(-60_000_000), offset(3_000), offset(0)], ["−60 s", "+3 ms", "±0"]);
    assert.deepEqual(
      [milliseconds(-20), milliseconds(12_040), milliseconds(1_234_567)],
      ["0", "12", "1,235"],
    );
  });

  it("shows values as JSON unless they are plain words, and cuts them whole sign by whole sign", () => {
    assert.deepEqual(
      [shown(null), shown(7), shown("x1"), shown("a b"), shown(["a"])],
      ["nothing", "7", "x1", '"a b"', '["a"]'],
    );
    assert.equal(cut("😀😀😀", 2), "😀…");
    assert.equal(shown("y".repeat(50)).length, 24);
  });

  it("lists and ends sentences", () => {
    assert.deepEqual(
      [listed([]), listed(["a"]), listed(["a", "b", "c"]), listed(["a", "b"], "or")],
      ["", "a", "a, b and c", "a or b"],
    );
    assert.deepEqual([sentence("so it is"), sentence("Is it?"), capital("a")], ["So it is.", "Is it?", "A"]);
  });
});
