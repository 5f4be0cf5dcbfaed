import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { claims } from "../../workloads/claims/claims.ts";
import { withTables } from "./readme-tables.ts";

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

describe("README tables", () => {
  it("are what the registries say (else: npm run docs)", () => {
    assert.equal(readme, withTables(readme));
  });

  it("have a line for every row of the claim table", () => {
    for (const { id } of claims) assert.match(readme, new RegExp(`^\\| ${id} \\|`, "m"));
  });

  it("refuse a page without marks", () => {
    assert.throws(() => withTables("# Nothing"), /lost the marks/);
  });
});
