import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { StoreClient, StoreError } from "../../store/client/http-client.ts";

const repository = fileURLToPath(new URL("../..", import.meta.url));
const readme = readFileSync(join(repository, "README.md"), "utf8");

/** The commands that the README gives for a cluster, as they stand there. */
function commands(): readonly string[] {
  const section = /## The store by itself\n[\s\S]*?```sh\n([\s\S]*?)```/.exec(readme)?.[1] ?? "";
  return section.split("\n").filter((line) => line !== "");
}

/** Everything of the repository but what runs have left there, so that this run leaves nothing either. */
async function linkedCopy(): Promise<string> {
  const copy = await mkdtemp(join(tmpdir(), "recount-readme-"));
  const names = (await readdir(repository)).filter((name) => name !== "out" && name !== ".git");
  await Promise.all(names.map((name) => symlink(join(repository, name), join(copy, name))));
  return copy;
}

describe("the three commands of the README", function () {
  this.timeout(60_000);
  let copy: string;
  let shells: readonly ChildProcess[];

  before(async () => {
    copy = await linkedCopy();
    // In groups of their own: a signal must reach the node behind npm, as Ctrl-C does.
    shells = commands().map((command) =>
      spawn("sh", ["-c", command], { cwd: copy, detached: true, stdio: "ignore" }),
    );
  });
  after(async () => {
    await Promise.all(shells.map((shell) => stop(shell)));
    await rm(copy, { recursive: true });
  });

  it("give a cluster in which any node takes any request", async () => {
    assert.equal(shells.length, 3);
    const clients = [8401, 8402, 8403].map((port) => new StoreClient({ host: "127.0.0.1", port }));
    const [first, second, third] = clients;
    assert.ok(first !== undefined && second !== undefined && third !== undefined);
    await eventually(() => first.put("shop", "milk", 3, { w: 3 }));
    assert.deepEqual((await eventually(() => second.get("shop", "milk", { r: 3 }))).values, [3]);
    await third.increment("likes", "milk", 2);
    await third.add("carts", "mine", "milk");
    await third.cas("locks", "door", { expected: null, value: "mine" });
    await third.put("notes", "k", "a note");
    await third.put("always-open", "k", 1);
    assert.deepEqual((await first.get("carts", "mine")).values, [{ milk: 1 }]);
    for (const client of clients) client.close();
  });
});

/** Nodes take a moment to start and to find one another. */
async function eventually<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (const deadlineMs = Date.now() + 30_000; ; ) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof StoreError) || Date.now() > deadlineMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Ends a shell that this suite has started, and all that it started. */
async function stop(shell: ChildProcess): Promise<void> {
  if (shell.pid === undefined || shell.exitCode !== null || shell.signalCode !== null) return;
  const ended = once(shell, "exit");
  process.kill(-shell.pid, "SIGTERM");
  await ended;
}
