import assert from "node:assert/strict";
import { compileSearch, moduleOfBytes } from "./compile.test-support.ts";
import { searchBytes } from "./search-bytes.ts";
import { bytesOfBase64 } from "./search-instance.ts";

describe("the search's bytes", () => {
  it("are what its sources compile to", async () => {
    const compiled = await compileSearch();
    assert.ok(
      Buffer.from(compiled).equals(bytesOfBase64(searchBytes)),
      "checkers/wasm/search-bytes.ts is older than checkers/wasm/assembly: npm run build:wasm",
    );
    assert.ok(moduleOfBytes(compiled).includes(searchBytes.slice(0, 100)));
  });

  it("are read from base64 of any length", () => {
    for (const length of [0, 1, 2, 3, 4, 5, 300]) {
      const bytes = Uint8Array.from({ length }, (_, at) => (at * 37) & 0xff);
      assert.deepEqual(bytesOfBase64(Buffer.from(bytes).toString("base64")), bytes);
    }
  });
});
