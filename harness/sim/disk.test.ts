import assert from "node:assert/strict";
import fc from "fast-check";
import type { LogRecord } from "../../store/core/storage/record.ts";
import { forgottenRecord } from "../../store/core/storage/record.ts";
import { SimDisk } from "./disk.ts";

function record(number: number): LogRecord {
  return forgottenRecord("k", 1, `${number}`, null);
}

function diskWith(written: number, durable: number): SimDisk {
  const disk = new SimDisk();
  for (let number = 1; number <= written; number += 1) disk.append(record(number));
  disk.makeDurable(durable);
  return disk;
}

function numbersOn(disk: SimDisk): number[] {
  return disk.open().records.map(({ key }) => Number(key));
}

describe("simulated disk", () => {
  it("keeps everything that was written over a kill, synced or not", () => {
    assert.deepEqual(numbersOn(diskWith(5, 2)), [1, 2, 3, 4, 5]);
  });

  it("keeps exactly the durable prefix and at most what was written over a power loss", () => {
    fc.assert(
      fc.property(fc.nat({ max: 30 }), fc.nat({ max: 30 }), fc.nat({ max: 0x7fff_ffff }), (a, b, drawn) => {
        const [durable, written] = a < b ? [a, b] : [b, a];
        const disk = diskWith(written, durable);
        const { unsynced, lost, isTorn } = disk.losePower(drawn);
        assert.equal(unsynced, written - durable);
        assert.ok(lost >= 0 && lost <= unsynced);
        const { records, dropped } = disk.open();
        assert.deepEqual(
          records.map(({ key }) => Number(key)),
          Array.from({ length: written - lost }, (_, index) => index + 1),
        );
        assert.deepEqual(dropped, isTorn ? { kind: "torn", at: written - lost } : null);
      }),
      { seed: 1 },
    );
  });

  it("loses nothing in one power loss and everything unsynced in another", () => {
    const lost = new Set(Array.from({ length: 64 }, (_, drawn) => diskWith(5, 2).losePower(drawn).lost));
    assert.deepEqual([...lost].sort(), [0, 1, 2, 3]);
  });

  it("holds durable what a process was shown", () => {
    const disk = diskWith(3, 0);
    disk.open();
    assert.deepEqual(disk.losePower(0), { unsynced: 0, lost: 0, isTorn: false });
  });

  it("tells of a torn end until something durable stands in its place", () => {
    const disk = diskWith(3, 0);
    // An odd draw tears; (1 >>> 1) % 4 = 0 records of the three are left.
    assert.deepEqual(disk.losePower(1), { unsynced: 3, lost: 3, isTorn: true });
    assert.deepEqual(disk.open().dropped, { kind: "torn", at: 0 });
    disk.append(record(1));
    assert.deepEqual(disk.losePower(0), { unsynced: 1, lost: 1, isTorn: false });
    assert.deepEqual(disk.open().dropped, { kind: "torn", at: 0 });
    disk.append(record(1));
    disk.makeDurable(1);
    assert.deepEqual([disk.losePower(0).lost, disk.open().dropped], [0, null]);
  });

  it("does not let an older sync take back what a newer one made durable", () => {
    const disk = diskWith(4, 3);
    disk.makeDurable(1);
    assert.equal(disk.durable, 3);
  });

  it("reads a snapshot and what was written since, and counts on from before", () => {
    const disk = diskWith(6, 5);
    disk.install([record(100)], 4);
    assert.deepEqual([disk.written, disk.durable, numbersOn(disk)], [6, 5, [100, 5, 6]]);
    disk.append(record(7));
    disk.makeDurable(7);
    disk.append(record(8));
    // A sync that was asked for before the snapshot still means the same records.
    disk.makeDurable(6);
    disk.losePower(0);
    assert.deepEqual([disk.written, numbersOn(disk)], [7, [100, 5, 6, 7]]);
    disk.install([record(200)], 7);
    disk.append(record(8));
    assert.deepEqual(numbersOn(disk), [200, 8]);
  });
});
