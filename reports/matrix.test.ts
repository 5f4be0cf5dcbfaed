import assert from "node:assert/strict";
import { renderMarkdown } from "./markdown.ts";
import { renderMatrix } from "./matrix.ts";
import { cell, claim, resultsOf, sampleResults } from "./results.test-support.ts";

const escapeSign = "\u001b";

describe("matrix in a terminal", () => {
  it("keeps to the width that it is given, with codes alone where it is narrow", () => {
    for (const columns of [60, 80, 100, 160]) {
      const lines = renderMatrix(sampleResults(), { colour: false, columns }).split("\n");
      assert.ok(Math.max(...lines.map((line) => Array.from(line).length)) <= columns, `${columns} columns`);
    }
    assert.match(
      renderMatrix(sampleResults(), { colour: false, columns: 100 }),
      /3\/2\/2 .* RI 1\/118 · 400/,
    );
    assert.doesNotMatch(renderMatrix(sampleResults(), { colour: false, columns: 60 }), /1\/118/);
  });

  it("writes in capitals what refutes a claim, in small letters what does not, and marks what ought to hold", () => {
    const text = renderMatrix(sampleResults(), { colour: false, columns: 100 });
    assert.match(text, /LW 1\/31/);
    assert.match(text, /sr 1\/10/);
    assert.match(text, /LW!1\/400/);
  });

  it("colours only when asked, and colours nothing but what the plain text says", () => {
    const plain = renderMatrix(sampleResults(), { colour: false, columns: 100 });
    const coloured = renderMatrix(sampleResults(), { colour: true, columns: 100 });
    assert.ok(!plain.includes(escapeSign));
    assert.ok(coloured.includes(`${escapeSign}[1;31mRI 1/118`));
    const trimmed = (text: string): string[] => text.split("\n").map((line) => line.trimEnd());
    const bare = coloured
      .split(escapeSign)
      .map((part, index) => (index === 0 ? part : part.slice(part.indexOf("m") + 1)));
    assert.deepEqual(trimmed(bare.join("")), trimmed(plain));
  });

  it("writes a label that is too long in lines of its own instead of cutting it", () => {
    const lines = renderMatrix(sampleResults(), { colour: false, columns: 100 }).split("\n");
    const first = lines.findIndex((line) => line.startsWith("3/2/2 + async"));
    const label = lines.slice(first, first + 3).map((line) => line.slice(0, 18).trim());
    assert.equal(label.join(" "), "3/2/2 + async repair + no tombstones");
  });
});

describe("summary in Markdown", () => {
  it("has a row a setting and a claim", () => {
    const lines = renderMarkdown(sampleResults()).split("\n");
    assert.equal(lines.filter((line) => line.startsWith("| 3/") || line.startsWith("| abd")).length, 6);
    assert.equal(lines.filter((line) => /^\| (Q|C|D)\d/.test(line)).length, 7);
  });

  it("keeps hostile text from breaking out of its cell", () => {
    const setting = { label: "a|b\n<img>", group: "g", claimed: "[x](y)" };
    const results = resultsOf([
      claim("X", "holds", "clean", ["lost write"], [cell(setting, "none", { outcome: "clean" })]),
    ]);
    const line = renderMarkdown(results)
      .split("\n")
      .find((each) => each.includes("b &#60;img&#62;"));
    assert.equal((line?.match(/\|/g) ?? []).length, 12);
  });
});
