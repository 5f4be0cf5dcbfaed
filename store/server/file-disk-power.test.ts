import assert from "node:assert/strict";
import { RecordKind } from "../core/storage/record.ts";
import { append, install, numbersOf, openIn, recordOf, sync } from "./file-disk.test-support.ts";
import type { FileDisk } from "./file-disk.ts";
import { MemoryDirectory, powerLosses } from "./memory-directory.test-support.ts";

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Three snapshots, each of what was durable when the log was cut, with appends on the way. */
async function work(disk: FileDisk, acked: (number: number) => void): Promise<void> {
  let last = 0;
  const put = async (): Promise<void> => {
    last += 1;
    const number = last;
    assert.equal(await append(disk, recordOf(number)), true);
    acked(number);
  };
  for (let turn = 0; turn < 3; turn += 1) {
    await put();
    last += 1;
    disk.append(recordOf(last), null, 0);
    const live = last;
    disk.rotate();
    const behind = put();
    assert.equal(await sync(disk), true);
    disk.snapshot(upTo(live).map((number) => recordOf(number)));
    await put();
    assert.equal(await install(disk), true);
    await Promise.all([behind, put(), put()]);
  }
}

describe("file disk whose power fails", () => {
  for (const loss of powerLosses) {
    it(`has everything acknowledged, whichever step it fails before (what is left unsynced: ${loss})`, async () => {
      const whole = new MemoryDirectory(Number.POSITIVE_INFINITY);
      const opened = await openIn(whole);
      await work(opened.disk, () => undefined);
      assert.ok(whole.steps > 50, `${whole.steps} steps`);
      for (let lifetime = 0; lifetime <= whole.steps; lifetime += 1) {
        const directory = new MemoryDirectory(lifetime);
        let acked = 0;
        const life = openIn(directory).then(({ disk }) => work(disk, (number) => (acked = number)));
        await Promise.race([life, directory.death]);
        const { recovered } = await openIn(directory.afterPowerLoss(loss));
        const { length } = recovered.records;
        assert.deepEqual(numbersOf(recovered.records), upTo(length), `before step ${lifetime + 1}`);
        assert.ok(length >= acked, `${length} of ${acked} acknowledged, before step ${lifetime + 1}`);
      }
    }).timeout(60_000);

    it(`keeps what a start was shown, synced or not before (${loss})`, async () => {
      const directory = new MemoryDirectory(Number.POSITIVE_INFINITY);
      const { disk } = await openIn(directory);
      await append(disk, recordOf(1));
      for (const number of [2, 3]) disk.append(recordOf(number), null, 0);
      await new Promise((resolve) => setTimeout(resolve, 5));
      const killed = directory.afterKill();
      assert.deepEqual(numbersOf((await openIn(killed)).recovered.records), [1, 2, 3]);
      assert.deepEqual(numbersOf((await openIn(killed.afterPowerLoss(loss))).recovered.records), [1, 2, 3]);
    });

    it(`is repaired or still damaged, whichever step of a repair it fails before (${loss})`, async () => {
      const written = new MemoryDirectory(Number.POSITIVE_INFINITY);
      const { disk } = await openIn(written);
      await work(disk, () => undefined);
      for (const name of ["snapshot.4", "log.4"]) {
        let isOver = false;
        for (let lifetime = 0; !isOver; lifetime += 1) {
          const damaged = await withDamage(written, name, lifetime);
          const life = openIn(damaged, "resync").then(() => true);
          isOver = await Promise.race([life, damaged.death.then(() => false)]);
          const { recovered } = await openIn(damaged.afterPowerLoss(loss), "resync");
          const isTold = recovered.records.some(({ kind }) => kind === RecordKind.resync);
          assert.ok(isTold || recovered.dropped !== null, `${name}, before step ${lifetime + 1}`);
        }
      }
    }).timeout(60_000);
  }
});

/** The same files, one of them with a flipped byte, all of it durable. */
async function withDamage(
  written: MemoryDirectory,
  damaged: string,
  lifetime: number,
): Promise<MemoryDirectory> {
  const files = new Map<string, { bytes: Uint8Array; synced: Uint8Array }>();
  for (const name of await written.list()) {
    const bytes = (await written.read(name)).slice();
    if (name === damaged) bytes[45] = (bytes[45] ?? 0) ^ 1;
    files.set(name, { bytes, synced: bytes });
  }
  return new MemoryDirectory(lifetime, files);
}
