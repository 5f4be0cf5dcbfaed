import assert from "node:assert/strict";
import type { NoteEvent } from "../evidence.ts";
import { stampsOf } from "./stamps.ts";
import { lostWrite } from "./stories.test-support.ts";

const { scenario } = lostWrite();

function note(version: string): NoteEvent {
  return {
    kind: "note",
    atUs: 0,
    node: "n1",
    what: "minted",
    keyspace: "k",
    key: "x",
    value: 1,
    version,
    deleted: false,
    holds: null,
    cause: 1,
  };
}

describe("stamps", () => {
  it("are seconds of a clock, with milliseconds as long as those tell all stamps apart", () => {
    const far = stampsOf(scenario, [note("@100012000 n1#3f2a.7"), note("@40053000 n3#11aa.1")]);
    assert.deepEqual(
      [far.short("@100012000 n1#3f2a.7"), far.short("@40053000 n3#11aa.1"), far.unit],
      ["100.012", "40.053", "seconds"],
    );
    const near = stampsOf(scenario, [note("@100012000 n1#3f2a.7"), note("@100012040 n3#11aa.1")]);
    assert.deepEqual(
      [near.short("@100012000 n1#3f2a.7"), near.short("@100012040 n3#11aa.1")],
      ["100.01200", "100.01204"],
    );
  });

  it("are counters where a protocol takes no clock", () => {
    const keyspaces = [{ name: "k", n: 3, protocol: "abd" }];
    const stamps = stampsOf({ ...scenario, keyspaces }, [note("@3 n1#3f2a.7")]);
    assert.deepEqual([stamps.short("@3 n1#3f2a.7"), stamps.unit], ["3", "counter"]);
  });

  it("are times of day where real clocks gave them", () => {
    const stamps = stampsOf(scenario, []);
    assert.equal(stamps.short("@1795239505090001 n1#3f2a.7"), "05:38:25.090");
    assert.equal(stamps.time("@1795239505090001 n1#3f2a.7"), 1_795_239_505_090_001);
  });

  it("are cut where they are of a form that nobody here knows", () => {
    assert.equal(stampsOf(scenario, [note("v{A:1,B:2,C:3}")]).short("v{A:1,B:2,C:3}"), "v{A:1,B:2,");
  });
});
