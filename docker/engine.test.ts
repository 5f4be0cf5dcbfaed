import assert from "node:assert/strict";
import { findEngine, within } from "./engine.ts";

describe("engine", () => {
  const before = process.env["DOCKER_HOST"];
  afterEach(() => {
    if (before === undefined) delete process.env["DOCKER_HOST"];
    else process.env["DOCKER_HOST"] = before;
  });

  it("is absent with its reason where nobody listens", async () => {
    process.env["DOCKER_HOST"] = "unix:///nowhere/docker.sock";
    assert.match(String(await findEngine()), /^no container engine answers \(connect ENOENT .*\); start one/);
  });

  it("must be on this machine, because ports are published on the loopback address", async () => {
    process.env["DOCKER_HOST"] = "tcp://engine.example:2375";
    assert.match(String(await findEngine()), /DOCKER_HOST is tcp:\/\/engine\.example:2375; .* must be local/);
  });

  it("is not waited for without end", async () => {
    const never = new Promise<never>(() => undefined);
    await assert.rejects(() => within(20, "the answer", never), /the answer took longer than 20 ms/);
  });
});
