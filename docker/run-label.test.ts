import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mayStillLive, newRun, ownerLabel, runLabel } from "./run-label.ts";

describe("run label", () => {
  it("names each run differently and its owner truly", () => {
    const [first, second] = [newRun(), newRun()];
    assert.notEqual(first.id, second.id);
    assert.equal(first.labels[runLabel], first.id);
    assert.equal(first.labels[ownerLabel]?.split("/")[1], String(process.pid));
    assert.equal(mayStillLive(first.labels[ownerLabel]), true);
  });

  it("knows a process that has ended, and a later one with the same number", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "close");
    const [host, pid, start] = newRun().labels[ownerLabel]?.split("/") ?? [];
    assert.equal(mayStillLive(`${host}/${child.pid}/${start}`), false);
    assert.equal(mayStillLive(`${host}/${pid}/1`), false);
  });

  it("leaves alone what another machine or an unknown program has made", () => {
    for (const owner of [undefined, "", "elsewhere/1/1", "nonsense"]) assert.equal(mayStillLive(owner), true);
  });
});
