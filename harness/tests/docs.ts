import { readFileSync, writeFileSync } from "node:fs";
import { withTables } from "./readme-tables.ts";

/** Brings the tables of README.md up to date. `readme-tables.test.ts` fails until somebody has run it. */
const readme = new URL("../../README.md", import.meta.url);
writeFileSync(readme, withTables(readFileSync(readme, "utf8")));
