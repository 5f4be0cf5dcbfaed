import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openFileDisk } from "./file-disk.ts";

describe("the data directory of a node", () => {
  const root = mkdtempSync(join(tmpdir(), "recount-data-"));
  const silent = (): void => undefined;
  after(() => rmSync(root, { recursive: true }));

  it("is made with those above it, and its log is empty at first", async () => {
    const { disk, recovered } = await openFileDisk(join(root, "a", "b"), silent);
    await disk.close();
    assert.deepEqual([recovered.records.length, recovered.dropped], [0, null]);
  });

  it("is refused with its name where it cannot be made", async () => {
    writeFileSync(join(root, "file"), "");
    await assert.rejects(
      () => openFileDisk(join(root, "file", "x"), silent),
      /data directory .*file.x can't be used/,
    );
    await assert.rejects(
      () => openFileDisk("/proc/recount/x", silent),
      /data directory \/proc\/recount\/x can't be used/,
    );
  });
});
