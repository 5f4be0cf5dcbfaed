import assert from "node:assert/strict";
import fc from "fast-check";
import { textLines } from "./text-lines.ts";

async function linesOf(chunks: readonly Uint8Array[]): Promise<string[]> {
  async function* stream(): AsyncGenerator<Uint8Array> {
    yield* chunks;
  }
  const lines: string[] = [];
  for await (const line of textLines(stream())) lines.push(line);
  return lines;
}

describe("lines of a stream", () => {
  it("end at line feeds only, wherever the chunks are cut", async () => {
    const anyText = fc.array(fc.constantFrom("a", "é", "😀", "\n", "\r", "\u2028"), { maxLength: 20 });
    await fc.assert(
      fc.asyncProperty(anyText, fc.array(fc.nat(60), { maxLength: 5 }), async (signs, cuts) => {
        const text = signs.join("");
        const bytes = new TextEncoder().encode(text);
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((to, index) => bytes.subarray(places[index], to));
        const expected = text.split("\n");
        if (expected.at(-1) === "") expected.pop();
        assert.deepEqual(await linesOf(chunks), expected);
      }),
    );
  });

  it("must be UTF-8", async () => {
    await assert.rejects(linesOf([Uint8Array.of(0x61, 0xff, 0x0a)]), TypeError);
    await assert.rejects(linesOf([Uint8Array.of(0x61, 0xc3)]), TypeError);
  });
});
