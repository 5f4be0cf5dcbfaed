import assert from "node:assert/strict";
import fc from "fast-check";
import { Choice } from "./choice.ts";
import { backgroundCause, backgroundCauses, draw } from "./draw.ts";

const word = fc.integer({ min: 0, max: 0x7fff_ffff });

describe("a draw by cause", () => {
  it("is a 31-bit integer that its arguments alone decide", () => {
    fc.assert(
      fc.property(word, word, word, word, word, (seed, purpose, cause, leg, attempt) => {
        const drawn = draw(seed, purpose, cause, leg, attempt);
        assert.ok(Number.isInteger(drawn) && drawn >= 0 && drawn <= 0x7fff_ffff);
        assert.equal(draw(seed, purpose, cause, leg, attempt), drawn);
      }),
    );
  });

  it("spreads evenly over sixteen bins, whichever argument counts up", () => {
    const arguments_: ((n: number) => number)[] = [
      (n) => draw(n, 1, 1, 1, 0),
      (n) => draw(7, n, 1, 1, 0),
      (n) => draw(7, 1, n, 1, 0),
      (n) => draw(7, 1, 1, n, 0),
      (n) => draw(7, 1, 1, 1, n),
    ];
    for (const drawn of arguments_) {
      const bins = new Int32Array(16);
      for (let n = 0; n < 16_000; n += 1) {
        const bin = drawn(n) >>> 27;
        bins[bin] = (bins[bin] ?? 0) + 1;
      }
      // Six standard deviations of a binomial count with mean 1,000.
      for (const count of bins) assert.ok(Math.abs(count - 1_000) < 190, `${count}`);
    }
  });

  it("never gives background work the cause of an operation", () => {
    fc.assert(
      fc.property(word, word, word, word, (node, incarnation, task, period) => {
        const cause = backgroundCause(node, incarnation, task, period);
        assert.ok(cause >= backgroundCauses && cause <= 0x7fff_ffff);
      }),
    );
  });
});

describe("a stream of choices", () => {
  it("is the same for the same seed and run, and another for another run", () => {
    const stream = (seed: number, run: number): number[] => {
      const choice = new Choice(seed, run);
      return Array.from({ length: 20 }, () => choice.below(1_000_000));
    };
    assert.deepEqual(stream(7, 3), stream(7, 3));
    assert.notDeepEqual(stream(7, 3), stream(7, 4));
    assert.notDeepEqual(stream(7, 3), stream(8, 3));
  });

  it("samples without repetition", () => {
    fc.assert(
      fc.property(word, fc.integer({ min: 0, max: 8 }), (run, count) => {
        const items = ["a", "b", "c", "d", "e"];
        const sample = new Choice(1, run).sample(items, count);
        assert.equal(new Set(sample).size, Math.min(count, items.length));
      }),
    );
  });
});
