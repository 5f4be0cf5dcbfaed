import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { append, install, numbersOf, recordOf, sync } from "./file-disk.test-support.ts";
import type { FileDisk } from "./file-disk.ts";
import { openFileDisk } from "./open-file-disk.ts";

const value = "x".repeat(20_000);

/** Appends until one fails; how many were stored. */
async function fill(disk: FileDisk): Promise<number> {
  let stored = 0;
  while (await append(disk, recordOf(stored + 1, value))) stored += 1;
  return stored;
}

async function waitForRoom(disk: FileDisk): Promise<void> {
  for (let tries = 0; disk.isFull && tries < 100; tries += 1) await sleep(20);
  assert.equal(disk.isFull, false);
}

describe("file disk on a small file system", () => {
  let mounted = "";

  before(function () {
    const at = mkdtempSync(join(tmpdir(), "recount-full-"));
    const mount = spawnSync("mount", ["-t", "tmpfs", "-o", "size=1m", "recount-test", at], {
      encoding: "utf8",
    });
    if (mount.status !== 0) {
      rmdirSync(at);
      const because = mount.error?.message ?? mount.stderr.trim();
      process.stderr.write(`    skipped: a tmpfs cannot be mounted here (${because})\n`);
      this.skip();
    }
    mounted = at;
  });

  after(() => {
    if (mounted === "") return;
    spawnSync("umount", [mounted]);
    rmdirSync(mounted);
  });

  it("refuses what finds no room, keeps what is there, and goes on when there is room again", async () => {
    const data = join(mounted, "data");
    const ballast = join(mounted, "ballast");
    writeFileSync(ballast, Buffer.alloc(400_000));
    const { disk } = await openFileDisk(data, () => undefined, "refuse");
    const stored = await fill(disk);
    assert.ok(stored > 10 && disk.isFull, `${stored} records`);
    assert.equal(await append(disk, recordOf(99, value)), false);
    rmSync(ballast);
    await waitForRoom(disk);
    assert.equal(await append(disk, recordOf(stored + 1, value)), true);
    await disk.close();
    const again = await openFileDisk(data, () => undefined, "refuse");
    const numbers = Array.from({ length: stored + 1 }, (_, index) => index + 1);
    assert.deepEqual(numbersOf(again.recovered.records), numbers);
    await again.disk.close();
    rmSync(data, { recursive: true });
  });

  it("makes room by a snapshot, which fails without harm as long as it finds none", async () => {
    const data = join(mounted, "data");
    const { disk } = await openFileDisk(data, () => undefined, "refuse");
    const stored = await fill(disk);
    disk.rotate();
    assert.equal(await sync(disk), true);
    disk.snapshot(Array.from({ length: stored }, (_, index) => recordOf(index + 1, value)));
    assert.equal(await install(disk), false);
    assert.equal(disk.isFull, true);
    disk.rotate();
    // Nearly nothing of it is live any more.
    disk.snapshot([recordOf(7)]);
    assert.equal(await install(disk), true);
    await waitForRoom(disk);
    assert.equal(await append(disk, recordOf(8, value)), true);
    await disk.close();
    const again = await openFileDisk(data, () => undefined, "refuse");
    assert.deepEqual(numbersOf(again.recovered.records), [7, 8]);
    await again.disk.close();
    rmSync(data, { recursive: true });
  });
});
