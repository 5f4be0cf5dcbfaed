import { readFileSync, writeFileSync } from "node:fs";
import { withTables, writtenPages } from "./readme-tables.ts";

/** Brings what is written from registries up to date. `readme-tables.test.ts` fails until somebody has run it. */
const repository = new URL("../../", import.meta.url);
const readme = new URL("README.md", repository);
writeFileSync(readme, withTables(readFileSync(readme, "utf8")));
for (const { path, text } of writtenPages()) writeFileSync(new URL(path, repository), text);
