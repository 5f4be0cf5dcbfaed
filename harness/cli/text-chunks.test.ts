import assert from "node:assert/strict";
import fc from "fast-check";
import { OperatingError } from "../base/errors.ts";
import { textChunks } from "./text-chunks.ts";

async function textOf(bytes: Uint8Array, cuts: readonly number[]): Promise<string> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
    for (const [at, to] of places.slice(1).entries()) yield bytes.subarray(places[at], to);
  }
  let text = "";
  for await (const chunk of textChunks(stream())) text += chunk;
  return text;
}

describe("text of a stream", () => {
  it("is the same wherever the chunks are cut", async () => {
    const anyText = fc.array(fc.constantFrom("a", "é", "日", "😀", "\n", "\u2028", "\ufeff"), {
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(anyText, fc.array(fc.nat(60), { maxLength: 8 }), async (signs, cuts) => {
        const text = signs.join("");
        assert.equal(await textOf(new TextEncoder().encode(text), cuts), text);
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("must be UTF-8, and the line is named where it is not", async () => {
    const wrong: readonly (readonly [bytes: readonly number[], line: number])[] = [
      [[0xff], 1],
      [[0x61, 0x0a, 0x61, 0xff, 0x0a], 2],
      [[0x0a, 0x0a, 0xc3], 3],
      [[0x0a, 0xc3, 0x0a, 0x61], 2],
      [[0xc3, 0xa9, 0x0a, 0xe6, 0x97], 2],
      [[0x0a, 0xf0, 0x9f, 0x98], 2],
      [[0x80, 0x80, 0x80, 0x80, 0x0a], 1],
      [[0xed, 0xa0, 0x80], 1],
      [[0xf8, 0x0a], 1],
      [[0xef, 0xbf, 0xbd, 0x0a, 0xc0, 0xaf], 2],
    ];
    for (const [bytes, line] of wrong) {
      for (const cuts of [[], [1], [1, 2], [1, 2, 3, 4]]) {
        const says = (error: unknown): boolean => {
          assert.ok(error instanceof OperatingError, String(error));
          assert.equal(
            error.message,
            `line ${line}: not UTF-8; save the file in that encoding`,
            String(bytes),
          );
          return true;
        };
        await assert.rejects(textOf(Uint8Array.from(bytes), cuts), says);
      }
    }
  });
});
