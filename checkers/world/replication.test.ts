import assert from "node:assert/strict";
import { replicationOf } from "./replication.ts";
import { worldHistory } from "./world-history.test-support.ts";

describe("what a header says of quorums", () => {
  const silent = { n: null, w: null, r: null, isSloppy: false };

  it("is taken from the keyspace of that name, where it is a number", () => {
    const history = worldHistory(
      {
        keyspaces: [
          { name: "j", n: 5 },
          { name: "k", n: 3, w: "2", r: 1, sloppy: {} },
        ],
      },
      [],
    );
    assert.deepEqual(replicationOf(history, "k"), { n: 3, w: null, r: 1, isSloppy: true });
    assert.deepEqual(replicationOf(history, "j"), { ...silent, n: 5 });
    assert.deepEqual(replicationOf(history, "l"), silent);
    assert.deepEqual(replicationOf(worldHistory({}, []), "k"), silent);
  });

  it("is no sloppy quorum where that is off", () => {
    for (const [sloppy, isSloppy] of [
      [false, false],
      [null, false],
      [undefined, false],
      [true, true],
    ] as const) {
      const history = worldHistory({ keyspaces: [{ name: "k", sloppy }] }, []);
      assert.deepEqual(replicationOf(history, "k"), { ...silent, isSloppy });
    }
  });
});
