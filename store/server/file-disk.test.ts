import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import {
  append,
  faultyDirectory,
  install,
  MortalDirectory,
  numbersOf,
  openIn,
  recordOf,
  sync,
  systemError,
} from "./file-disk.test-support.ts";
import type { FileDisk } from "./file-disk.ts";

const upTo = (last: number): number[] => Array.from({ length: last }, (_, index) => index + 1);

/** Appends records until `last` and a snapshot in the middle, each step once the one before is done. */
async function work(disk: FileDisk, first: number, acked: (number: number) => void): Promise<void> {
  const put = async (number: number): Promise<void> => {
    assert.equal(await append(disk, recordOf(number)), true);
    acked(number);
  };
  await put(first);
  await put(first + 1);
  disk.rotate();
  await put(first + 2);
  assert.equal(await sync(disk), true);
  disk.snapshot(upTo(first).map((number) => recordOf(number)));
  await put(first + 3);
  disk.snapshot([recordOf(first + 1)]);
  assert.equal(await install(disk), true);
  await put(first + 4);
}

describe("file disk", () => {
  const root = mkdtempSync(join(tmpdir(), "recount-disk-"));
  let directories = 0;
  let at = "";
  beforeEach(() => {
    directories += 1;
    at = join(root, `${directories}`);
    mkdirSync(at);
  });
  after(() => rmSync(root, { recursive: true }));

  /** What a start finds. */
  async function recovered(path = at): Promise<number[]> {
    const { disk, recovered: found } = await openIn(path);
    await disk.close();
    return numbersOf(found.records);
  }

  it("keeps records over restarts, in one segment", async () => {
    for (const [start, end] of [
      [1, 3],
      [4, 4],
      [5, 9],
    ] as const) {
      const { disk, recovered: found } = await openIn(at);
      assert.deepEqual([numbersOf(found.records), found.dropped], [upTo(start - 1), null]);
      for (let number = start; number < end; number += 1) disk.append(recordOf(number), null, 0);
      assert.equal(await append(disk, recordOf(end)), true);
      await disk.close();
    }
    assert.deepEqual([await recovered(), readdirSync(at)], [upTo(9), ["log.1"]]);
  });

  it("syncs records that were appended together with one sync, and tells how many and how long", async () => {
    const steps: string[] = [];
    const watched = faultyDirectory(at, (step) => {
      steps.push(step);
      return "done";
    });
    const { disk } = await openIn(watched);
    const heard: number[] = [];
    disk.onSynced = (durationMs, records) => {
      assert.ok(durationMs >= 0);
      heard.push(records);
    };
    steps.length = 0;
    await Promise.all(upTo(50).map((number) => append(disk, recordOf(number))));
    assert.deepEqual([steps, heard], [["write log.1", "datasync log.1"], [50]]);
    await disk.close();
  });

  it("puts a snapshot in the place of the segments before it", async () => {
    const { disk } = await openIn(at);
    await work(disk, 1, () => undefined);
    assert.deepEqual(readdirSync(at).sort(), ["log.2", "snapshot.2"]);
    await work(disk, 6, () => undefined);
    assert.deepEqual(readdirSync(at).sort(), ["log.3", "snapshot.3"]);
    await disk.close();
    assert.deepEqual(await recovered(), upTo(10));
  });

  it("makes no new segment where the present one is empty", async () => {
    const { disk } = await openIn(at);
    await append(disk, recordOf(1));
    for (const number of [2, 2, 2]) {
      disk.rotate();
      disk.snapshot([recordOf(1)]);
      assert.equal(await install(disk), true);
      assert.deepEqual(readdirSync(at).sort(), [`log.${number}`, `snapshot.${number}`]);
    }
    await disk.close();
    assert.deepEqual(await recovered(), [1]);
  });

  it("gives up a snapshot that is not installed when another one is begun, or the disk closed", async () => {
    const { disk } = await openIn(at);
    await append(disk, recordOf(1));
    disk.rotate();
    disk.snapshot([recordOf(99)]);
    await append(disk, recordOf(2));
    disk.rotate();
    disk.snapshot([recordOf(1), recordOf(2)]);
    assert.equal(await install(disk), true);
    disk.rotate();
    disk.snapshot([recordOf(99)]);
    await disk.close();
    assert.deepEqual(readdirSync(at).sort(), ["log.3", "snapshot.3"]);
    assert.deepEqual(await recovered(), [1, 2]);
  });

  it("forgets nothing acknowledged, whichever step it is killed before, or which write it is killed in", async () => {
    const whole = new MortalDirectory(at, Number.POSITIVE_INFINITY);
    const opened = await openIn(whole);
    await work(opened.disk, 1, () => undefined);
    await opened.disk.close();
    assert.ok(whole.steps > 20, `${whole.steps} steps`);
    for (let lifetime = 0; lifetime <= whole.steps; lifetime += 1) {
      const path = join(at, `killed-${lifetime}`);
      mkdirSync(path);
      const mortal = new MortalDirectory(path, lifetime);
      let acked = 0;
      const life = openIn(mortal).then(({ disk }) => work(disk, 1, (number) => (acked = number)));
      await Promise.race([life, mortal.death]);
      await mortal.bury();
      const { disk, recovered: found } = await openIn(path);
      const { length } = found.records;
      assert.deepEqual(numbersOf(found.records), upTo(length), `killed before step ${lifetime + 1}`);
      assert.ok(length >= acked, `${length} of ${acked} acknowledged, killed before step ${lifetime + 1}`);
      await work(disk, length + 1, () => undefined);
      await disk.close();
      assert.deepEqual(await recovered(path), upTo(length + 5));
      assert.equal(readdirSync(path).length, 2, "nothing is left behind");
    }
  }).timeout(60_000);

  it("refuses a record that is too large to be told from damage, in the log and in a snapshot", async () => {
    const { disk, lines } = await openIn(at);
    const large = recordOf(90, "x".repeat(64 * 1_024 * 1_024));
    assert.deepEqual([await append(disk, large), await append(disk, recordOf(1))], [false, true]);
    assert.match(lines.join(), /^k\/90 can't be written: a record has \d+ bytes, over the 67108864 that/);
    disk.rotate();
    disk.snapshot([recordOf(1), large]);
    assert.equal(await install(disk), false);
    await disk.close();
    assert.deepEqual(await recovered(), [1]);
  }).timeout(20_000);

  it("counts what waits for a slow disk", async () => {
    let release: () => void = () => undefined;
    let isSlow = false;
    const slow = new Promise<void>((resolve) => {
      release = resolve;
    });
    const directory = faultyDirectory(at, async (step): Promise<"done"> => {
      if (isSlow && step.startsWith("write")) await slow;
      return "done";
    });
    const { disk } = await openIn(directory);
    isSlow = true;
    const waiting = upTo(40).map((number) => append(disk, recordOf(number, "x".repeat(10_000))));
    await sleep(5);
    waiting.push(append(disk, recordOf(41)));
    assert.ok(disk.backlog > 400_000 && disk.backlog < 420_000, `${disk.backlog} bytes`);
    disk.rotate();
    disk.snapshot([recordOf(1, "x".repeat(100_000))]);
    assert.ok(disk.backlog > 500_000 && disk.backlog < 520_000, `${disk.backlog} bytes`);
    release();
    assert.deepEqual(new Set(await Promise.all(waiting)), new Set([true]));
    await disk.close();
    assert.equal(disk.backlog, 0);
  });

  describe("without room", () => {
    for (const code of ["ENOSPC", "EDQUOT"]) {
      it(`takes back what it could not write, refuses, and goes on once there is some (${code})`, async () => {
        let isFull = false;
        // Half a record fits, then nothing does.
        const takes = [40, systemError(code)];
        const directory = faultyDirectory(at, (step) =>
          isFull && step.startsWith("write") ? (takes.shift() ?? systemError(code)) : "done",
        );
        const { disk, lines } = await openIn(directory);
        assert.equal(await append(disk, recordOf(1)), true);
        const { size } = statSync(join(at, "log.1"));
        isFull = true;
        const refused = [append(disk, recordOf(90)), append(disk, recordOf(91))];
        await sleep(5);
        refused.push(append(disk, recordOf(92)));
        assert.deepEqual(await Promise.all(refused), [false, false, false]);
        assert.deepEqual([disk.isFull, disk.backlog, statSync(join(at, "log.1")).size], [true, 0, size]);
        await sleep(300);
        assert.equal(disk.isFull, true, "there is still no room");
        isFull = false;
        for (let tries = 0; disk.isFull && tries < 40; tries += 1) await sleep(25);
        assert.deepEqual(
          [disk.isFull, lines],
          [false, [`${at}: no room to write to`, `${at}: there is room again`]],
        );
        assert.equal(await append(disk, recordOf(2)), true);
        await disk.close();
        assert.deepEqual([await recovered(), readdirSync(at)], [[1, 2], ["log.1"]]);
      });
    }

    it("tries every append, and has room as soon as one finds some", async () => {
      let isFull = false;
      const isWrite = (step: string): boolean => step === "write log.1";
      const directory = faultyDirectory(at, (step) =>
        isFull && isWrite(step) ? systemError("ENOSPC") : "done",
      );
      const { disk } = await openIn(directory);
      isFull = true;
      assert.deepEqual([await append(disk, recordOf(90)), disk.isFull], [false, true]);
      isFull = false;
      assert.deepEqual([await append(disk, recordOf(1)), disk.isFull], [true, false]);
      await disk.close();
      assert.deepEqual(await recovered(), [1]);
    });

    it("numbers on without a gap what waited behind a cut of the log", async () => {
      let isFull = false;
      const directory = faultyDirectory(at, (step) =>
        isFull && step === "write log.1" ? systemError("ENOSPC") : "done",
      );
      const { disk } = await openIn(directory);
      await append(disk, recordOf(1));
      isFull = true;
      const failed = append(disk, recordOf(90));
      disk.rotate();
      const behind = append(disk, recordOf(91));
      assert.deepEqual([await failed, await behind], [false, false]);
      isFull = false;
      disk.snapshot([recordOf(1)]);
      assert.equal(await append(disk, recordOf(2)), true);
      assert.equal(await install(disk), true);
      await disk.close();
      assert.deepEqual(await recovered(), [1, 2]);
    });

    it("keeps the segments where a snapshot, or a new segment, cannot be written", async () => {
      for (const failing of [
        "write snapshot.tmp",
        "datasync snapshot.tmp",
        "rename snapshot.tmp",
        "open log.2",
      ]) {
        const path = join(at, failing.replace(" ", "-"));
        mkdirSync(path);
        let isFull = true;
        const directory = faultyDirectory(path, (step) =>
          isFull && step.startsWith(failing) ? systemError("ENOSPC") : "done",
        );
        const { disk, lines } = await openIn(directory);
        await append(disk, recordOf(1));
        disk.rotate();
        disk.snapshot([recordOf(1)]);
        assert.equal(await append(disk, recordOf(2)), true);
        assert.equal(await install(disk), false, failing);
        assert.match(lines.join(), /^no snapshot could be written: /);
        isFull = false;
        disk.rotate();
        disk.snapshot([recordOf(1), recordOf(2)]);
        assert.equal(await install(disk), true);
        await append(disk, recordOf(3));
        await disk.close();
        assert.deepEqual(await recovered(path), [1, 2, 3]);
        assert.equal(readdirSync(path).length, 2);
      }
    });
  });

  for (const failing of ["datasync log.1", "write log.1"]) {
    it(`acknowledges nothing any more after a failed ${failing.split(" ")[0]} that may not be tried again`, async () => {
      let isBroken = false;
      const directory = faultyDirectory(at, (step) =>
        isBroken && step === failing ? systemError("EIO") : "done",
      );
      const { disk, lines } = await openIn(directory);
      assert.equal(await append(disk, recordOf(1)), true);
      isBroken = true;
      assert.equal(await append(disk, recordOf(2)), false);
      isBroken = false;
      assert.deepEqual(
        [await append(disk, recordOf(3)), await sync(disk), disk.isFull],
        [false, false, false],
      );
      disk.rotate();
      assert.equal(await install(disk), false);
      assert.match(lines[0] ?? "", /^the log can't be written: EIO/);
      await disk.close();
      assert.equal((await recovered())[0], 1);
    });
  }
});
