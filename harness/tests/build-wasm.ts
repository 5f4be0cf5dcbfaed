import { writeFileSync } from "node:fs";
import { compileSearch, moduleOfBytes } from "../../checkers/wasm/compile.test-support.ts";

/** Compiles the search and writes its bytes into the module that checkers import. A test fails until it was run. */
const target = new URL("../../checkers/wasm/search-bytes.ts", import.meta.url);
writeFileSync(target, moduleOfBytes(await compileSearch()));
