import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RecordKind } from "../core/storage/record.ts";
import { append, install, MortalDirectory, openIn, recordOf, sync } from "./file-disk.test-support.ts";
import type { OpenedDisk } from "./open-file-disk.ts";
import { openFileDisk } from "./open-file-disk.ts";

const silent = (): void => undefined;

describe("the data directory of a node", () => {
  const root = mkdtempSync(join(tmpdir(), "recount-data-"));
  let directories = 0;
  let at = "";
  beforeEach(() => {
    directories += 1;
    at = join(root, `${directories}`);
    mkdirSync(at);
  });
  after(() => rmSync(root, { recursive: true }));

  /** Two segments behind a snapshot, of which all records were synced one by one: 1 and 2, 3 and 4, 5 and 6. */
  async function write(): Promise<void> {
    const { disk } = await openIn(at);
    const two = async (first: number): Promise<void> => {
      await append(disk, recordOf(first));
      await append(disk, recordOf(first + 1));
    };
    await two(1);
    disk.rotate();
    disk.snapshot([recordOf(1), recordOf(2)]);
    assert.equal(await install(disk), true);
    await two(3);
    disk.rotate();
    await sync(disk);
    await two(5);
    await disk.close();
    assert.deepEqual(readdirSync(at).sort(), ["log.2", "log.3", "snapshot.2"]);
  }

  function flip(name: string, position: number): void {
    const bytes = readFileSync(join(at, name));
    bytes[position] = (bytes[position] ?? 0) ^ 0x10;
    writeFileSync(join(at, name), bytes);
  }

  /** What a start is told: keys of states, or what the node is to do. */
  const told = ({ recovered }: Pick<OpenedDisk, "recovered">): string =>
    recovered.records
      .map(({ kind, key, text }) => (kind === RecordKind.resync ? text : key))
      .concat(recovered.dropped === null ? [] : [recovered.dropped.kind])
      .join(" ");

  async function start(onDamage: "refuse" | "resync" = "refuse"): Promise<string> {
    const opened = await openIn(at, onDamage);
    await opened.disk.close();
    return told(opened);
  }

  const damagedFiles = (): string[] =>
    readdirSync(at)
      .filter((name) => name.includes("damaged"))
      .map((name) => name.replace(/\d{10,}$/, "T"))
      .sort();

  it("is made with those above it, and its log is empty at first", async () => {
    const { disk, recovered } = await openFileDisk(join(at, "a", "b"), silent, "refuse");
    await disk.close();
    assert.deepEqual([recovered.records.length, recovered.dropped], [0, null]);
  });

  it("is refused with its name where it cannot be made", async () => {
    writeFileSync(join(at, "file"), "");
    await assert.rejects(
      () => openFileDisk(join(at, "file", "x"), silent, "refuse"),
      /data directory .*file.x can't be used/,
    );
    await assert.rejects(
      () => openFileDisk("/proc/recount/x", silent, "refuse"),
      /data directory \/proc\/recount\/x can't be used/,
    );
  });

  it("is refused where a version of the store has written it that cannot be read any more", async () => {
    writeFileSync(join(at, "log"), "old");
    await assert.rejects(
      () => openFileDisk(at, silent, "refuse"),
      /\/log is of an older version of the store/,
    );
    assert.deepEqual(readdirSync(at), ["log"], "the lock is released");
  });

  it("may end in a torn record, which is told of until something durable stands in its place", async () => {
    await write();
    const whole = statSync(join(at, "log.3")).size;
    flip("log.3", whole - 1);
    assert.equal(await start(), "1 2 3 4 5 torn");

    const { disk, lines } = await openIn(at);
    assert.match(lines.join(), /log\.3: a torn record at byte \d+ is dropped$/);
    // Shorter than what it is written over.
    assert.equal(await append(disk, recordOf(7, "")), true);
    await disk.close();
    assert.equal(await start(), "1 2 3 4 5 7");
    assert.equal(statSync(join(at, "log.3")).size, whole - 1);
  });

  it("is refused where it is damaged before the end, with the file and the byte", async () => {
    await write();
    const original = readFileSync(join(at, "log.3"));
    const half = original.length / 2;
    for (const [name, position, says] of [
      [
        "log.3",
        20,
        /log\.3 is damaged at byte 0 and goes on behind it; restore the file, or start with --on-d/,
      ],
      ["log.2", half + 9, new RegExp(`log\\.2 is damaged at byte ${half} and goes on behind it; `)],
      [
        "snapshot.2",
        50,
        /snapshot\.2 is damaged at byte 32; restore the file, or start with --on-damage resync/,
      ],
    ] as const) {
      copyFileSync(join(at, name), join(root, "intact"));
      flip(name, position);
      await assert.rejects(() => start(), says);
      renameSync(join(root, "intact"), join(at, name));
    }
    renameSync(join(at, "log.2"), join(root, "log.2"));
    await assert.rejects(() => start(), /log\.2 is missing; restore the file/);
    renameSync(join(root, "log.2"), join(at, "log.2"));
    assert.equal(await start(), "1 2 3 4 5 6");
  });

  it("keeps what stands before the damage, and says that more is needed, where that is asked for", async () => {
    const cases: readonly (readonly [() => void, string, readonly string[]])[] = [
      [() => flip("log.3", 20), "1 2 3 4 needed", ["log.3.damaged-T"]],
      [() => flip("log.2", 20), "1 2 needed", ["log.2.damaged-T", "log.3.damaged-T"]],
      [() => rmSync(join(at, "log.2")), "1 2 needed", ["log.3.damaged-T"]],
      [
        () => flip("snapshot.2", 50),
        "needed",
        ["log.2.damaged-T", "log.3.damaged-T", "snapshot.2.damaged-T"],
      ],
      [() => rmSync(join(at, "snapshot.2")), "needed", ["log.2.damaged-T", "log.3.damaged-T"]],
    ];
    for (const [damage, found, aside] of cases) {
      for (const name of readdirSync(at)) rmSync(join(at, name));
      await write();
      damage();
      assert.equal(await start("resync"), found);
      assert.deepEqual(damagedFiles(), aside);
      const { disk } = await openIn(at);
      await append(disk, recordOf(9));
      await disk.close();
      assert.equal(await start(), `${found} 9`);
    }
  });

  it("is whole without a damaged snapshot whose segments are still there", async () => {
    await write();
    const { disk } = await openIn(at);
    const kept = ["snapshot.2", "log.2", "log.3"];
    for (const name of kept) copyFileSync(join(at, name), join(root, name));
    disk.rotate();
    disk.snapshot([1, 2, 3, 4, 5, 6].map((number) => recordOf(number)));
    assert.equal(await install(disk), true);
    await disk.close();
    for (const name of kept) renameSync(join(root, name), join(at, name));
    flip("snapshot.4", 40);
    const opened = await openIn(at);
    await opened.disk.close();
    assert.equal(told(opened), "1 2 3 4 5 6");
    assert.match(opened.lines.join(), /snapshot\.4 is damaged; the log has all that it stands for/);
    assert.deepEqual(damagedFiles(), ["snapshot.4.damaged-T"]);
  });

  it("is cleared of what an interrupted snapshot left, and of what a snapshot replaced", async () => {
    await write();
    copyFileSync(join(at, "log.2"), join(at, "log.1"));
    for (const name of ["snapshot.tmp", "room.tmp", "log.7.tmp", "snapshot.1"])
      writeFileSync(join(at, name), "x");
    assert.equal(await start(), "1 2 3 4 5 6");
    assert.deepEqual(readdirSync(at).sort(), ["log.2", "log.3", "snapshot.2"]);
  });

  it("is repaired, or found damaged again, whichever step the repair is killed before", async () => {
    for (const name of ["log.2", "snapshot.2"]) {
      let isOver = false;
      for (let lifetime = 0; !isOver; lifetime += 1) {
        for (const left of readdirSync(at)) rmSync(join(at, left));
        await write();
        flip(name, 50);
        const mortal = new MortalDirectory(at, lifetime);
        const life = openIn(mortal, "resync").then(() => true);
        isOver = await Promise.race([life, mortal.death.then(() => false)]);
        await mortal.bury();
        assert.match(await start("resync"), /\bneeded\b/, `${name}, killed before step ${lifetime + 1}`);
        assert.match(await start("refuse"), /\bneeded\b/);
      }
    }
  }).timeout(60_000);
});

describe("lock of a data directory", () => {
  const root = mkdtempSync(join(tmpdir(), "recount-lock-"));
  const lock = join(root, "lock");
  after(() => rmSync(root, { recursive: true }));

  it("keeps a second user out until the first is gone", async () => {
    const { disk } = await openFileDisk(root, silent, "refuse");
    await assert.rejects(() => openFileDisk(root, silent, "refuse"), {
      code: "data-in-use",
      status: 69,
      message: new RegExp(
        `directory ${root} is used by the process ${process.pid}; stop it, or give this node`,
      ),
    });
    await disk.close();
    assert.equal(existsSync(lock), false);
    await (await openFileDisk(root, silent, "refuse")).disk.close();
  });

  it("is taken over from a process that is dead, or was another one with the same id", async () => {
    const { pid } = spawnSync(process.execPath, ["--version"]);
    for (const stale of [`${pid} 12345`, `${pid}`, `${process.pid} 1`, "", "nonsense"]) {
      writeFileSync(lock, stale);
      const { disk } = await openFileDisk(root, silent, "refuse");
      assert.match(readFileSync(lock, "utf8"), new RegExp(`^${process.pid} \\d+$`));
      await disk.close();
      assert.deepEqual(readdirSync(root), ["log.1"]);
    }
  });

  it("goes to one of several that start at once", async () => {
    for (const stale of [null, "999999999 1"]) {
      if (stale !== null) writeFileSync(lock, stale);
      const starts = await Promise.allSettled(
        Array.from({ length: 8 }, () => openFileDisk(root, silent, "refuse")),
      );
      const opened = starts.flatMap((start) => (start.status === "fulfilled" ? [start.value] : []));
      assert.equal(opened.length, 1);
      await opened[0]?.disk.close();
    }
  });
});
