import assert from "node:assert/strict";
import { timeScale } from "./time-scale.ts";

describe("time scale", () => {
  it("is linear where nothing is silent for long", () => {
    const scale = timeScale([10_000, 20_000, 30_000, 40_000], 0, 100, 500, 60);
    assert.deepEqual(
      [0, 10_000, 20_000, 40_000].map((us) => scale.place(us)),
      [100, 200, 300, 500],
    );
    assert.deepEqual(scale.breaks, []);
    assert.deepEqual(
      scale.ticks.filter(({ label }) => label !== null).map(({ label, at }) => [label, at]),
      [
        ["0 ms", 100],
        ["10", 200],
        ["20", 300],
        ["30", 400],
        ["40", 500],
      ],
    );
  });

  it("cuts a long silence short, marks it, and has no figure in it", () => {
    const scale = timeScale([1_000, 2_000, 3_000, 4_000, 104_000, 105_000], 0, 0, 1_000, 60);
    assert.deepEqual(
      scale.breaks.map(({ fromUs, toUs }) => [fromUs, toUs]),
      [[4_000, 104_000]],
    );
    assert.ok(scale.place(104_000) - scale.place(4_000) < 100);
    assert.ok(scale.place(1_000) - scale.place(0) > 150);
    assert.deepEqual(
      scale.ticks.filter(({ us }) => us > 4_000 && us < 104_000),
      [],
    );
    assert.equal(scale.place(105_000), 1_000);
  });

  it("measures a second silence against what the first one left", () => {
    const operations = [0, 8_000, 12_000, 18_000];
    const scale = timeScale(
      [...operations, 5_700_000, 5_708_000, 6_400_000, 6_401_000],
      -40_000_000,
      0,
      1_000,
      60,
    );
    assert.deepEqual(
      scale.breaks.map(({ fromUs, toUs }) => [fromUs, toUs]),
      [
        [-40_000_000, 0],
        [18_000, 5_700_000],
        [5_708_000, 6_400_000],
      ],
    );
    assert.ok(scale.place(18_000) - scale.place(0) > 450);
  });

  it("never goes back, and keeps what is outside at its ends", () => {
    const scale = timeScale([5, 700, 90_000, 91_000, 300_000], 0, 10, 900, 60);
    const places = [-5, 0, 5, 700, 50_000, 90_000, 91_000, 200_000, 300_000, 999_999].map((us) =>
      scale.place(us),
    );
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.deepEqual([places[0], places.at(-1)], [10, 900]);
  });

  it("bears a single moment", () => {
    const scale = timeScale([0], 0, 10, 900, 60);
    assert.equal(scale.place(0), 10);
  });
});
