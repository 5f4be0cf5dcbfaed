import assert from "node:assert/strict";
import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeFolder } from "./make-folder.ts";

describe("making a folder", () => {
  const root = mkdtempSync(join(tmpdir(), "recount-folder-"));
  after(() => rmSync(root, { recursive: true }));

  it("makes those above it too, and bears one that is there", () => {
    makeFolder(join(root, "a", "b", "c"));
    makeFolder(join(root, "a", "b"));
    assert.ok(statSync(join(root, "a", "b", "c")).isDirectory());
  });

  it("says why it cannot", () => {
    writeFileSync(join(root, "file"), "");
    assert.throws(() => makeFolder(join(root, "file", "x")), /ENOTDIR|EEXIST/);
  });

  it("ends where nothing can be made, as in /proc", () => {
    assert.throws(() => makeFolder("/proc/recount/x"), /ENOENT|EACCES|EPERM|EROFS/);
  });
});
