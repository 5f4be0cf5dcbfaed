import assert from "node:assert/strict";
import { majority } from "./keyspace.ts";
import { KeyspaceError } from "./keyspace-error.ts";
import { parseKeyspaces } from "./parse-keyspaces.ts";

function complaint(json: unknown): string {
  try {
    parseKeyspaces(json);
  } catch (error) {
    assert.ok(error instanceof KeyspaceError, String(error));
    assert.ok(error.message.startsWith(`${error.path}: `));
    return error.message;
  }
  throw new assert.AssertionError({ message: `accepted ${JSON.stringify(json)}` });
}

describe("keyspace settings", () => {
  it("have safe defaults", () => {
    assert.deepEqual(parseKeyspaces([{ name: "a" }]), [
      {
        name: "a",
        n: 3,
        w: 2,
        r: 2,
        versions: "lww",
        protocol: "quorum",
        read: "plain",
        writeBackTo: "contacted",
        deletes: { kind: "forever" },
        antiEntropyMs: null,
        fsync: "always",
      },
    ]);
  });

  it("take majorities for w and r of any n", () => {
    assert.deepEqual([1, 2, 3, 4, 5].map(majority), [1, 2, 2, 3, 3]);
    const [five] = parseKeyspaces([{ name: "a", n: 5 }]);
    assert.deepEqual([five?.w, five?.r], [3, 3]);
  });

  it("accept every value that is implemented", () => {
    const all = [
      { name: "1/1/1", n: 1, w: 1, r: 1, versions: "arrival", fsync: "never" },
      { name: "3/3/1", read: "repair-async", w: 3, r: 1, antiEntropyMs: 500, fsync: { everyMs: 10 } },
      { name: "3/2/2", read: "repair-blocking", writeBackTo: "w", deletes: { kind: "physical" } },
      { name: "abd", protocol: "abd" },
    ];
    const parsed = parseKeyspaces(all);
    assert.deepEqual(
      parsed.map((keyspace, index) => ({ ...keyspace, ...all[index] })),
      parsed,
    );
  });

  it("accept later settings only where they are off", () => {
    const off = {
      cas: "none",
      stamp: "coordinator",
      sloppy: false,
      hints: null,
      answer: "any",
      coordinate: "node",
    };
    assert.equal(parseKeyspaces([{ name: "a", ...off }]).length, 1);
  });

  const complaints: readonly (readonly [unknown, string])[] = [
    [{}, "keyspaces: {} is not a list; give [{…}]"],
    [[], "keyspaces: the list is empty; name at least one"],
    [[1], "keyspaces[0]: 1 is not an object; give {…}"],
    [
      [{ name: "a b" }],
      'keyspaces[0].name: "a b" is not a name; 1 to 64 letters, digits, -, _, . or / are a name',
    ],
    [[{ name: "a" }, { name: "a" }], 'keyspaces[1].name: "a" is there twice; names differ'],
    [[{ name: "a", n: 16 }], "keyspaces[0].n: 16 is out of range; give an integer from 1 to 15"],
    [[{ name: "a", n: 3, w: 4 }], "keyspaces[0].w: 4 is out of range; give an integer from 1 to 3"],
    [[{ name: "a", r: 1.5 }], "keyspaces[0].r: 1.5 is out of range; give an integer from 1 to 3"],
    [
      [{ name: "a", versions: "hlc" }],
      'keyspaces[0].versions: "hlc" is not supported; the choices are "lww", "arrival"',
    ],
    [
      [{ name: "a", read: "fast" }],
      'keyspaces[0].read: "fast" is not a choice; the choices are "plain", "repair-async", "repair-blocking"',
    ],
    [[{ name: "a", sloppy: true }], "keyspaces[0].sloppy: true is not supported; only false is"],
    [[{ name: "a", hints: { max: 1 } }], 'keyspaces[0].hints: {"max":1} is not supported; only null is'],
    [[{ name: "a", actor: "node" }], "keyspaces[0].actor: not supported; leave it out"],
    [
      [{ name: "a", deletes: { kind: "grace" } }],
      'keyspaces[0].deletes.kind: "grace" is not supported; the choices are "forever", "physical"',
    ],
    [
      [{ name: "a", deletes: { kind: "forever", graceMs: 1 } }],
      "keyspaces[0].deletes.graceMs: not supported; the only setting is kind",
    ],
    [
      [{ name: "a", fsync: { everyMs: 0 } }],
      "keyspaces[0].fsync.everyMs: 0 is out of range; give an integer from 1 to 86400000",
    ],
    [[{ name: "a", fsync: {} }], "keyspaces[0].fsync.everyMs: it is missing; give 1 to 86400000"],
    [
      [{ name: "a", antiEntropyMs: -1 }],
      "keyspaces[0].antiEntropyMs: -1 is out of range; give an integer from 1 to 86400000",
    ],
    [
      [{ name: "a", protocol: "abd", read: "plain" }],
      "keyspaces[0].read: abd always writes back before it answers; leave it out",
    ],
    [
      [{ name: "a", protocol: "abd", deletes: { kind: "physical" } }],
      'keyspaces[0].deletes: under abd a delete is a version; use {"kind":"forever"}',
    ],
    [
      [{ name: "a", versions: "arrival", antiEntropyMs: 5 }],
      'keyspaces[0].versions: without versions nothing says which replica is behind; use "plain" reads and no antiEntropyMs',
    ],
    [
      [{ name: "a", writeBackTo: "w" }],
      'keyspaces[0].writeBackTo: a "plain" read does not write back; use it with read "repair-blocking"',
    ],
  ];
  for (const [json, text] of complaints) {
    it(`are refused: ${text}`, () => {
      assert.equal(complaint(json), text);
    });
  }

  it("name every setting when one is unknown", () => {
    const text = complaint([{ name: "a", quorum: 2 }]);
    assert.ok(
      text.startsWith("keyspaces[0].quorum: there is no such setting; the settings are name, n, w, r"),
    );
  });
});
