import assert from "node:assert/strict";
import type { EDNVal } from "edn-data";
import { parseEDNString } from "edn-data";
import fc from "fast-check";
import type { HistoryValue } from "../history/values.ts";
import { ednValue } from "./edn-lines.ts";
import { EdnText } from "./edn-text.ts";

function read(text: string): HistoryValue {
  const form = new EdnText(text, (wrong, at) => {
    throw new SyntaxError(`${at}: ${wrong}`);
  });
  const value = form.value(0);
  assert.ok(form.isAtEnd(), `more behind ${JSON.stringify(value)}`);
  return value;
}

function refusal(text: string): string {
  try {
    return `read as ${JSON.stringify(read(text))}`;
  } catch (error) {
    assert.ok(error instanceof SyntaxError, String(error));
    return error.message;
  }
}

/** What edn-data reads, in our words; it knows no order of maps and sets either. */
function fromPackage(value: EDNVal): HistoryValue {
  if (Array.isArray(value)) return value.map(fromPackage);
  if (typeof value !== "object" || value === null) return value as HistoryValue;
  assert.ok("map" in value, JSON.stringify(value));
  const entries = value.map.map(([key, held]): [string, HistoryValue] => [String(key), fromPackage(held)]);
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Objects with sorted fields: a map of EDN has no order. */
function sorted(value: HistoryValue): HistoryValue {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item: HistoryValue) => sorted(item));
  const entries = Object.entries(value as { readonly [field: string]: HistoryValue });
  return Object.fromEntries(entries.map(([key, held]) => [key, sorted(held)] as const).sort(byName));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

describe("EDN", () => {
  const values: readonly (readonly [text: string, value: HistoryValue])[] = [
    ["nil", null],
    ["true", true],
    ["false", false],
    ["0", 0],
    ["-0", 0],
    ["+17", 17],
    ["-3", -3],
    ["5N", 5],
    ["9007199254740991", 9007199254740991],
    ["1.5", 1.5],
    ["1.", 1],
    ["1e3", 1000],
    ["-2.5E-1", -0.25],
    ['"a text"', "a text"],
    ['""', ""],
    ['"a\\tb\\n\\r\\b\\f\\\\\\"\\u263a"', 'a\tb\n\r\b\f\\"☺'],
    ['"two\nlines; no comment"', "two\nlines; no comment"],
    ["[]", []],
    ["[1 2]", [1, 2]],
    ["(1,2)", [1, 2]],
    ["[1[2](3)]", [1, [2], [3]]],
    ["{}", {}],
    ['{"b" 1, "a" {"c" nil}}', { a: { c: null }, b: 1 }],
    ["{:k 1 7 2 [1] 3}", { ":k": 1, "7": 2, "[1]": 3 }],
    ['{"__proto__" 1 :constructor 2}', JSON.parse('{"__proto__":1,":constructor":2}')],
    ["#{3 1 -2}", [-2, 1, 3]],
    ['#{"b" 2 nil :a "a" 1 [0]}', [1, 2, ":a", "a", "b", [0], null]],
    [":word", ":word"],
    [":a/b.c-d", ":a/b.c-d"],
    ["symbol", "'symbol"],
    ["->x", "'->x"],
    ["\\a", "\\a"],
    ["[\\newline \\( \\u263a]", ["\\newline", "\\(", "\\u263a"]],
    ["9007199254740993", "9007199254740993"],
    ["-9007199254740993N", "-9007199254740993"],
    ["1.10M", "1.10M"],
    ["2M", "2M"],
    ["1/3", "1/3"],
    ["0x1F", "0x1F"],
    ["##NaN", "##NaN"],
    ['#inst "2024-01-01"', { "#inst": "2024-01-01" }],
    ["#a.B{:x 1}", { "#a.B": { ":x": 1 } }],
    ["#a #b 1", { "#a": { "#b": 1 } }],
    ["#_ ignored [1 #_2 #_ {:x 1} 3 #_4]", [1, 3]],
    ["; a comment\n[1 ; another [\n 2]; the last", [1, 2]],
    [`${"[".repeat(32)}1${"]".repeat(32)}`, nested(32)],
  ];
  for (const [text, value] of values) {
    it(`reads ${JSON.stringify(text.slice(0, 60))}`, () => assert.deepEqual(read(text), value));
  }

  const wrong: readonly (readonly [text: string, says: string])[] = [
    ["", "0: it ends where a value should stand"],
    [" ; nothing", "10: it ends where a value should stand"],
    ["[1 2", "0: [ is never closed"],
    ["(1 [2)", "5: ) closes nothing here; a value is missing"],
    ["[1 2}", "4: } closes nothing here; a value is missing"],
    ["#{1", "0: #{ is never closed"],
    ["{:a 1", "0: { is never closed"],
    ["{:a}", '4: the key ":a" has no value'],
    ["{:a 1 :a 2}", '8: the key ":a" occurs twice in a map'],
    ["#{1 2 1}", '0: "1" occurs twice in a set'],
    ['["a" "b]', '5: a text begins here and never ends; a " is missing'],
    ['"a\\"', '0: a text begins here and never ends; a " is missing'],
    ['"\\x"', '2: \\x means nothing in a text; \\t \\r \\n \\b \\f \\\\ \\" and \\u263a do'],
    ['"\\u12"', '2: \\u means nothing in a text; \\t \\r \\n \\b \\f \\\\ \\" and \\u263a do'],
    ["1e999", '0: the number "1e999" is too large; write it as a text'],
    ["1abc", '0: "1abc" is no number'],
    ["1.2.3", '0: "1.2.3" is no number'],
    ["1/", '0: "1/" is no number'],
    [":", '0: ":" is no value'],
    ["@", '0: "@" is no value'],
    ["[^]", '1: "^" is no value'],
    ["\\", "0: a \\ without a character behind it"],
    ["# 1", "0: # without a tag behind it"],
    ["#_", "2: it ends where a value should stand"],
    [`${"[".repeat(34)}${"]".repeat(34)}`, "33: nested more than 32 deep"],
    ["#a ".repeat(100_000), "98: nested more than 32 deep"],
    ["#_".repeat(100_000), "66: nested more than 32 deep"],
    ["(".repeat(1_000_000), "33: nested more than 32 deep"],
  ];
  for (const [text, says] of wrong) {
    it(`refuses ${JSON.stringify(text.slice(0, 30))}`, () => assert.equal(refusal(text), says));
  }

  it("is written as it is read, and as an independent reader reads it", () => {
    const anyValue = fc
      .jsonValue({ maxDepth: 4 })
      .map((value) => JSON.parse(JSON.stringify(value)) as HistoryValue);
    fc.assert(
      fc.property(anyValue, (value) => {
        const text = ednValue(value);
        assert.deepEqual(read(text), sorted(value));
        assert.deepEqual(fromPackage(parseEDNString(text) as EDNVal), sorted(value));
      }),
      { numRuns: 2_000, seed: 5 },
    );
  });

  it("is written by its number's digits, beyond whole numbers too", () => {
    for (const [value, text] of [
      [1e20, "100000000000000000000.0"],
      [-1e20, "-100000000000000000000.0"],
      [1e21, "1e+21"],
      [0.1, "0.1"],
      [9007199254740991, "9007199254740991"],
      [9007199254740992, "9007199254740992.0"],
      [-0, "0"],
    ] as const) {
      assert.equal(ednValue(value), text);
      assert.equal(read(text), value + 0);
    }
  });
});

function nested(depth: number): HistoryValue {
  let value: HistoryValue = 1;
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}
