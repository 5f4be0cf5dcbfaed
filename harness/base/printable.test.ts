import assert from "node:assert/strict";
import { excerpt } from "./excerpt.ts";
import { printable } from "./printable.ts";

describe("texts from anywhere", () => {
  it("are shown with what cannot be seen spelt out", () => {
    assert.equal(printable("p3 read x=17 – „é“ 😀 日本"), "p3 read x=17 – „é“ 😀 日本");
    assert.equal(
      printable("\u001b[2J\u0000\n\r\t\u007f\u009b\u061c\u200b\u200f\u2028\u202e\u2060\u2069\ufeff"),
      "\\u001b[2J\\u0000\\u000a\\u000d\\u0009\\u007f\\u009b\\u061c\\u200b\\u200f\\u2028\\u202e\\u2060\\u2069\\ufeff",
    );
    assert.equal(printable("a\ud83dz\ude00"), "a\\ud83dz\\ude00");
  });

  it("are cut where they are long", () => {
    assert.equal(excerpt("x".repeat(60)), "x".repeat(60));
    assert.equal(excerpt("x".repeat(61)), `${"x".repeat(59)}…`);
  });
});
