import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { claims } from "../../workloads/claims/claims.ts";
import { withTables, writtenPages } from "./readme-tables.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

describe("README tables", () => {
  it("are what the registries say (else: npm run docs)", () => {
    assert.equal(readme, withTables(readme));
  });

  for (const { path, text } of writtenPages()) {
    it(`of ${path} are what the registries say (else: npm run docs)`, () => {
      assert.equal(readFileSync(new URL(`../../${path}`, import.meta.url), "utf8"), text);
    });
  }

  it("have a line for every row of the claim table", () => {
    for (const { id } of claims) assert.match(readme, new RegExp(`^\\| ${id} \\|`, "m"));
  });

  it("refuse a page without marks", () => {
    assert.throws(() => withTables("# Nothing"), /lost the marks/);
  });
});
