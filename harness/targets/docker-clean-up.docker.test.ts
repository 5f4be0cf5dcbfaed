import assert from "node:assert/strict";
import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { removeBelongings } from "../../docker/clean.ts";
import { findEngine, pause } from "../../docker/engine.ts";
import { ownerLabel, runLabel } from "../../docker/run-label.ts";

const engine = await findEngine();
const program = fileURLToPath(new URL("./open-docker.test-support.ts", import.meta.url));

/** Waits for a line of the child's output. */
async function says(child: ChildProcess, line: string): Promise<void> {
  let text = "";
  for await (const chunk of child.stdout ?? []) {
    text += String(chunk);
    if (text.split("\n").includes(line)) return;
  }
  throw new Error(`the process ended without saying "${line}": ${text}`);
}

/** Others may use the engine at the same time: only the child's own things count. */
function isOwner(child: ChildProcess, owner: string | undefined): boolean {
  return owner?.split("/")[1] === String(child.pid);
}

function open(how = "stay"): ChildProcess {
  return spawn(process.execPath, ["--import", "tsx", program, how], { stdio: ["ignore", "pipe", "ignore"] });
}

if (typeof engine === "string") {
  describe("docker clean-up", () => {
    it.skip(`is not tried: ${engine}`);
  });
} else {
  describe("docker clean-up", function () {
    this.timeout(60_000);
    const { docker } = engine;

    /** How many containers, networks and volumes of a process there are. */
    const countOf = async (child: ChildProcess): Promise<readonly number[]> => {
      const filters = { label: [runLabel] };
      const [containers, networks, volumes] = await Promise.all([
        docker.listContainers({ all: true, filters }),
        docker.listNetworks({ filters }),
        docker.listVolumes({ filters: JSON.stringify(filters) }),
      ]);
      const lists = [containers, networks, volumes.Volumes ?? []];
      return lists.map((list) => list.filter(({ Labels }) => isOwner(child, Labels?.[ownerLabel])).length);
    };

    it("leaves nothing after Ctrl-C in the middle of a start", async () => {
      const child = open();
      await says(child, "opening");
      while (child.exitCode === null && (await countOf(child))[0] === 0) await pause(20);
      child.kill("SIGINT");
      const [status] = await once(child, "close");
      assert.equal(status, 130);
      assert.deepEqual(await countOf(child), [0, 0, 0]);
    });

    for (const [signal, expected] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      it(`leaves nothing after ${signal} with an open cluster`, async () => {
        const child = open();
        await says(child, "open");
        assert.deepEqual(await countOf(child), [4, 1, 0]);
        child.kill(signal);
        const [status] = await once(child, "close");
        assert.equal(status, expected);
        assert.deepEqual(await countOf(child), [0, 0, 0]);
      });
    }

    for (const [how, expected] of [
      ["exit", 3],
      ["throw", 1],
    ] as const) {
      it(`leaves nothing after a process that ends with ${how}`, async () => {
        const child = open(how);
        const [status] = await once(child, "close");
        assert.equal(status, expected);
        assert.deepEqual(await countOf(child), [0, 0, 0]);
      });
    }

    it("removes at the next start what a killed process has left, and nothing of living ones", async () => {
      const killed = open();
      const living = open();
      await Promise.all([says(killed, "open"), says(living, "open")]);
      killed.kill("SIGKILL");
      await once(killed, "close");
      assert.deepEqual(await countOf(killed), [4, 1, 0]);
      await removeBelongings(docker, "the dead");
      assert.deepEqual(await countOf(killed), [0, 0, 0]);
      assert.deepEqual(await countOf(living), [4, 1, 0]);
      living.kill("SIGTERM");
      await once(living, "close");
      assert.deepEqual(await countOf(living), [0, 0, 0]);
    });
  });
}
