import assert from "node:assert/strict";
import fc from "fast-check";
import type { LogRecord } from "../../store/core/storage/record.ts";
import { SimDisk } from "./disk.ts";

function record(sequence: number): LogRecord {
  return { sequence, kind: 1, keyspace: "k", ringEpoch: 1, key: `key${sequence}`, state: [] };
}

function diskWith(written: number, durable: number): SimDisk {
  const disk = new SimDisk();
  for (let sequence = 1; sequence <= written; sequence += 1) disk.append(record(sequence));
  disk.makeDurable(durable);
  return disk;
}

function sequencesOf(disk: SimDisk): number[] {
  return disk.open().records.map(({ sequence }) => sequence);
}

describe("simulated disk", () => {
  it("keeps everything that was written over a kill, synced or not", () => {
    assert.deepEqual(sequencesOf(diskWith(5, 2)), [1, 2, 3, 4, 5]);
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
          records.map(({ sequence }) => sequence),
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

  it("forgets a torn end once it was opened, and holds durable what a process was shown", () => {
    const disk = diskWith(3, 0);
    // An odd draw tears; (1 >>> 1) % 4 = 0 records of the three are left.
    assert.deepEqual(disk.losePower(1), { unsynced: 3, lost: 3, isTorn: true });
    assert.deepEqual(disk.open().dropped, { kind: "torn", at: 0 });
    assert.equal(disk.open().dropped, null);
    disk.append(record(1));
    disk.open();
    assert.deepEqual(disk.losePower(0), { unsynced: 0, lost: 0, isTorn: false });
  });

  it("does not let an older sync take back what a newer one made durable", () => {
    const disk = diskWith(4, 3);
    disk.makeDurable(1);
    assert.equal(disk.durable, 3);
  });
});
