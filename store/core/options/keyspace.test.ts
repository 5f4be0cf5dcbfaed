import assert from "node:assert/strict";
import { majority } from "./keyspace.ts";
import { KeyspaceError } from "./keyspace-error.ts";
import { parseKeyspaces } from "./parse-keyspaces.ts";
import { settings } from "./settings.ts";

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

/** Settings, and what is said of them behind `keyspaces[0].`. */
type Complaint = readonly [settings: object, text: string];

function areRefused(complaints: readonly Complaint[]): void {
  for (const [given, text] of complaints) {
    it(`are refused: ${text}`, () => {
      assert.equal(complaint([{ name: "a", ...given }]), `keyspaces[0].${text}`);
    });
  }
}

const defaults = {
  name: "a",
  n: 3,
  replicas: null,
  w: 2,
  r: 2,
  versions: "lww",
  actor: "incarnation",
  siblings: "dotted",
  replicate: "merged",
  removes: "context",
  tieBreak: "unique",
  protocol: "quorum",
  cas: "none",
  read: "plain",
  writeBackTo: "contacted",
  stamp: "coordinator",
  stampUnitUs: 1,
  answer: "any",
  coordinate: "node",
  deletes: { kind: "forever", graceMs: null, refuseOlderMs: null },
  sloppy: null,
  hints: null,
  antiEntropyMs: null,
  fsync: "always",
  ring: "pending",
};
const defaultHints = { windowMs: 10_800_000, expiryMs: null, max: 100_000, maxCharacters: 67_108_864 };

describe("keyspace settings", () => {
  it("have safe defaults", () => {
    assert.deepEqual(parseKeyspaces([{ name: "a" }]), [defaults]);
    assert.deepEqual(Object.keys(settings), Object.keys(defaults));
  });

  it("say of each what it means, what may be given, and where the default comes from", () => {
    for (const [name, { values, unit, default: otherwise, source, meaning }] of Object.entries(settings)) {
      assert.match(meaning, /^[A-Z].*\.$/, name);
      assert.ok(values !== "" && otherwise !== "" && typeof unit === "string", name);
      assert.equal(source === "", name === "name", name);
    }
  });

  it("take majorities for w and r of any n", () => {
    assert.deepEqual([1, 2, 3, 4, 5].map(majority), [1, 2, 2, 3, 3]);
    const [five] = parseKeyspaces([{ name: "a", n: 5 }]);
    assert.deepEqual([five?.w, five?.r], [3, 3]);
    const [spread] = parseKeyspaces([{ name: "a", replicas: { d1: 3, d2: 2 } }]);
    assert.deepEqual([spread?.n, spread?.w, spread?.r, spread?.replicas], [5, 3, 3, { d1: 3, d2: 2 }]);
  });

  it("take what goes with others from them", () => {
    const changes: readonly (readonly [object, object])[] = [
      [{ protocol: "caspaxos" }, { protocol: "caspaxos", cas: "caspaxos" }],
      [{ sloppy: true }, { sloppy: { heartbeatMs: 200, suspectAfterMs: 1_000 }, hints: defaultHints }],
      [
        { sloppy: { heartbeatMs: 10 } },
        { sloppy: { heartbeatMs: 10, suspectAfterMs: 50 }, hints: defaultHints },
      ],
      [{ hints: {} }, { hints: defaultHints }],
      [
        { deletes: { kind: "grace", graceMs: 5 } },
        { deletes: { kind: "grace", graceMs: 5, refuseOlderMs: null } },
      ],
    ];
    for (const [given, taken] of changes) {
      assert.deepEqual(parseKeyspaces([{ name: "a", ...given }]), [{ ...defaults, ...taken }]);
    }
  });

  it("accept every value", () => {
    const all: readonly object[] = [
      { n: 1, w: 1, r: 1, versions: "arrival", fsync: "never", ring: "naive" },
      { read: "repair-async", w: 3, r: 1, antiEntropyMs: 500, fsync: { everyMs: 10 }, ring: "pending-union" },
      { read: "repair-blocking", writeBackTo: "w", tieBreak: "value", stampUnitUs: 1_000 },
      { deletes: { kind: "physical", graceMs: null, refuseOlderMs: null }, tieBreak: "none" },
      { deletes: { kind: "purge", graceMs: null, refuseOlderMs: 7 }, versions: "hlc", cas: "quorum" },
      { deletes: { kind: "grace", graceMs: 9, refuseOlderMs: 4 }, stamp: "client", cas: "quorum" },
      { protocol: "abd", cas: "quorum" },
      { protocol: "caspaxos", cas: "caspaxos", r: 1, w: 3, read: "repair-blocking" },
      { cas: "caspaxos", versions: "hlc" },
      { versions: "siblings", actor: "node", siblings: "vectors", replicate: "new-sibling" },
      { versions: "pn-counter", replicate: "new-sibling" },
      { versions: "or-set", removes: "own-view" },
      { versions: "or-cart", actor: "incarnation", answer: "own-replica" },
      { coordinate: "client" },
      { sloppy: { heartbeatMs: 5, suspectAfterMs: 6 }, hints: { ...defaultHints, windowMs: 1, max: 2 } },
    ];
    const json = all.map((each, index) => ({ name: `k${index}`, ...each }));
    assert.deepEqual(
      parseKeyspaces(json).map((keyspace, index) => ({ ...keyspace, ...json[index] })),
      parseKeyspaces(json),
    );
  });

  it("name every setting when one is unknown", () => {
    const text = complaint([{ name: "a", quorum: 2 }]);
    const names = Object.keys(settings).join(", ");
    assert.equal(text, `keyspaces[0].quorum: there is no such setting; the settings are ${names}`);
  });
});

describe("lists of keyspaces", () => {
  const complaints: readonly (readonly [unknown, string])[] = [
    [{}, "keyspaces: {} is not a list; give [{…}]"],
    [[], "keyspaces: the list is empty; name at least one"],
    [[1], "keyspaces[0]: 1 is not an object; give {…}"],
    [[{}], "keyspaces[0].name: nothing is not a name; 1 to 64 letters, digits, -, _, . or / are a name"],
    [[{ name: "a" }, { name: "a" }], 'keyspaces[1].name: "a" is there twice; names differ'],
  ];
  for (const [json, text] of complaints) {
    it(`are refused: ${text}`, () => {
      assert.equal(complaint(json), text);
    });
  }
});

describe("single settings", () => {
  const day = 86_400_000;
  areRefused([
    [{ name: "a b" }, 'name: "a b" is not a name; 1 to 64 letters, digits, -, _, . or / are a name'],
    [{ n: 16 }, "n: 16 is out of range; give an integer from 1 to 15"],
    [{ replicas: [3] }, "replicas: [3] is not an object; give {…}"],
    [{ replicas: {} }, 'replicas: it is empty; give {"dc1": 3}'],
    [{ replicas: { d1: 0 } }, "replicas.d1: 0 is out of range; give an integer from 1 to 15"],
    [{ replicas: { d1: 2 }, n: 3 }, "n: 3 is not the sum of replicas; give 2, or leave it out"],
    [{ replicas: { d1: 8, d2: 8 } }, "replicas: 16 replicas are too many; give at most 15"],
    [{ n: 3, w: 4 }, "w: 4 is out of range; give an integer from 1 to 3"],
    [{ r: 1.5 }, "r: 1.5 is out of range; give an integer from 1 to 3"],
    [
      { versions: "clocks" },
      'versions: "clocks" is not a choice; the choices are "lww", "arrival", "hlc", "siblings", "pn-counter", "or-set", "or-cart"',
    ],
    [{ actor: 1 }, 'actor: 1 is not a choice; the choices are "incarnation", "node"'],
    [{ siblings: "all" }, 'siblings: "all" is not a choice; the choices are "dotted", "vectors"'],
    [{ replicate: "" }, 'replicate: "" is not a choice; the choices are "merged", "new-sibling"'],
    [{ removes: null }, 'removes: null is not a choice; the choices are "context", "own-view"'],
    [{ tieBreak: "node" }, 'tieBreak: "node" is not a choice; the choices are "unique", "none", "value"'],
    [{ protocol: "raft" }, 'protocol: "raft" is not a choice; the choices are "quorum", "abd", "caspaxos"'],
    [{ cas: true }, 'cas: true is not a choice; the choices are "none", "quorum", "caspaxos"'],
    [
      { read: "fast" },
      'read: "fast" is not a choice; the choices are "plain", "repair-async", "repair-blocking"',
    ],
    [{ writeBackTo: "all" }, 'writeBackTo: "all" is not a choice; the choices are "contacted", "w"'],
    [{ stamp: "node" }, 'stamp: "node" is not a choice; the choices are "coordinator", "client"'],
    [{ stampUnitUs: 0 }, "stampUnitUs: 0 is out of range; give an integer from 1 to 1000000"],
    [{ answer: "own" }, 'answer: "own" is not a choice; the choices are "any", "own-replica"'],
    [{ coordinate: "all" }, 'coordinate: "all" is not a choice; the choices are "node", "client"'],
    [{ deletes: "forever" }, 'deletes: "forever" is not an object; give {…}'],
    [
      { deletes: { kind: "soft" } },
      'deletes.kind: "soft" is not a choice; the choices are "forever", "physical", "grace", "purge"',
    ],
    [
      { deletes: { after: 1 } },
      "deletes.after: there is no such setting; the settings are kind, graceMs, refuseOlderMs",
    ],
    [
      { deletes: { kind: "grace" } },
      `deletes.graceMs: it is missing; give an integer from 1 to ${365 * day}`,
    ],
    [
      { deletes: { kind: "purge", graceMs: 5 } },
      'deletes.graceMs: "purge" knows no grace; use it with kind "grace"',
    ],
    [
      { deletes: { kind: "purge", refuseOlderMs: -1 } },
      `deletes.refuseOlderMs: -1 is out of range; give an integer from 1 to ${365 * day}`,
    ],
    [{ sloppy: 1 }, "sloppy: 1 is not an object; give {…}"],
    [
      { sloppy: { heartbeat: 1 } },
      "sloppy.heartbeat: there is no such setting; the settings are heartbeatMs, suspectAfterMs",
    ],
    [
      { sloppy: { heartbeatMs: 0 } },
      `sloppy.heartbeatMs: 0 is out of range; give an integer from 1 to ${day}`,
    ],
    [
      { sloppy: { heartbeatMs: 10, suspectAfterMs: 10 } },
      `sloppy.suspectAfterMs: 10 is out of range; give an integer from 11 to ${day}`,
    ],
    [{ hints: true }, "hints: true is not an object; give {…}"],
    [
      { hints: { window: 1 } },
      "hints.window: there is no such setting; the settings are windowMs, expiryMs, max, maxCharacters",
    ],
    [
      { hints: { windowMs: "3h" } },
      `hints.windowMs: "3h" is out of range; give an integer from 1 to ${365 * day}`,
    ],
    [{ hints: { expiryMs: 0 } }, `hints.expiryMs: 0 is out of range; give an integer from 1 to ${365 * day}`],
    [{ hints: { max: 0 } }, "hints.max: 0 is out of range; give an integer from 1 to 10000000"],
    [
      { hints: { maxCharacters: 0 } },
      "hints.maxCharacters: 0 is out of range; give an integer from 1 to 1073741824",
    ],
    [{ antiEntropyMs: -1 }, `antiEntropyMs: -1 is out of range; give an integer from 1 to ${day}`],
    [{ fsync: "often" }, 'fsync: "often" is not a choice; the choices are "always", "never"'],
    [{ fsync: 5 }, "fsync: 5 is not an object; give {…}"],
    [{ fsync: {} }, `fsync.everyMs: it is missing; give an integer from 1 to ${day}`],
    [{ fsync: { everyMs: 0 } }, `fsync.everyMs: 0 is out of range; give an integer from 1 to ${day}`],
    [{ fsync: { ms: 1 } }, "fsync.ms: there is no such setting; the settings are everyMs"],
    [{ ring: "hash" }, 'ring: "hash" is not a choice; the choices are "pending", "naive", "pending-union"'],
  ]);
});

describe("settings that clash", () => {
  const lww = 'leave it out, or use versions "lww"';
  const noBallots = 'leave it out, or use cas "none" or "quorum"';
  const siblings = 'there are no siblings; leave it out, or use versions "siblings"';
  const abd = { protocol: "abd" };
  const caspaxos = { protocol: "caspaxos" };
  const blind =
    'versions: without versions nothing says which replica is behind; use "plain" reads, no antiEntropyMs, no hints and no sloppy';
  const logical = 'versions: abd and caspaxos order writes by counters; leave it out or use "lww"';
  const forever = 'deletes: under abd and caspaxos a delete is a version; use {"kind":"forever"}';
  const meets = "r: a prepare quorum must meet every accept quorum; give r and w with r + w above n";
  const ballots =
    'cas: ballots need replicas that are replicas; use "none" or "quorum", or protocol "caspaxos" without sloppy';
  const oneValue = 'cas: what a cas compares is one value; use "none", or versions "lww"';
  const age =
    'deletes: only lww and hlc versions have an age; use {"kind":"forever"} or {"kind":"physical"} without refuseOlderMs';
  const noDisk =
    'coordinate: a client has no disk for hints, and does not hear heartbeats; use "node", or leave out sloppy and hints';
  areRefused([
    [{ versions: "arrival", antiEntropyMs: 5 }, blind],
    [{ versions: "arrival", read: "repair-async" }, blind],
    [{ versions: "arrival", hints: {} }, blind],
    [{ versions: "arrival", sloppy: true }, blind],
    [{ versions: "hlc", ...abd }, logical],
    [{ versions: "siblings", ...caspaxos }, logical],
    [{ deletes: { kind: "physical" }, ...abd }, forever],
    [{ deletes: { refuseOlderMs: 1 }, ...caspaxos }, forever],
    [{ read: "plain", ...abd }, "read: abd and caspaxos always write back before they answer; leave it out"],
    [
      { sloppy: true, ...caspaxos },
      "sloppy: a stand-in does not know what abd and caspaxos must know; leave it out",
    ],
    [
      { hints: {}, ...caspaxos },
      "hints: a write that went through ballots is brought to nobody by a hint; leave it out",
    ],
    [
      { sloppy: true, hints: null },
      "hints: who stands in for a replica keeps what it is given as a hint; leave it out for the defaults, or give {}; or leave out sloppy",
    ],
    [{ stamp: "client", versions: "hlc" }, `stamp: only lww takes timestamps from clients; ${lww}`],
    [{ stamp: "client", ...abd }, `stamp: only lww takes timestamps from clients; ${lww}`],
    [
      { stampUnitUs: 1_000, versions: "siblings" },
      `stampUnitUs: only lww has timestamps that can be rounded; ${lww}`,
    ],
    [{ tieBreak: "value", versions: "hlc" }, `tieBreak: only lww has ties to break; ${lww}`],
    [{ writeBackTo: "w" }, 'writeBackTo: the read does not write back; use it with read "repair-blocking"'],
    [{ r: 1, ...caspaxos }, meets],
    [{ cas: "caspaxos", w: 1 }, meets],
    [
      { cas: "quorum", ...caspaxos },
      'cas: under caspaxos a cas goes through the ballots; use "caspaxos", or leave it out',
    ],
    [{ cas: "quorum", versions: "siblings" }, oneValue],
    [{ cas: "quorum", versions: "arrival" }, oneValue],
    [{ cas: "caspaxos", sloppy: true }, ballots],
    [{ cas: "caspaxos", ...abd }, ballots],
    [{ cas: "caspaxos", tieBreak: "value" }, `tieBreak: ballots have a unique order; ${noBallots}`],
    [
      { cas: "caspaxos", stamp: "client" },
      `stamp: a ballot takes its time from the coordinator; ${noBallots}`,
    ],
    [
      { stamp: "client", stampUnitUs: 1_000 },
      'stampUnitUs: a client\'s timestamp is taken as it is; leave it out, or use stamp "coordinator"',
    ],
    [{ versions: "siblings", deletes: { kind: "grace", graceMs: 1 } }, age],
    [{ versions: "or-set", deletes: { kind: "purge" } }, age],
    [{ versions: "arrival", deletes: { refuseOlderMs: 1 } }, age],
    [{ actor: "node" }, "actor: only siblings and CRDTs have actors; leave it out"],
    [{ siblings: "vectors" }, `siblings: ${siblings}`],
    [{ replicate: "new-sibling" }, `replicate: ${siblings} or a CRDT`],
    [
      { versions: "siblings", removes: "own-view" },
      'removes: nothing is removed by context; leave it out, or use versions "or-set" or "or-cart"',
    ],
    [{ coordinate: "client", sloppy: true }, noDisk],
    [{ coordinate: "client", hints: {} }, noDisk],
    [
      { coordinate: "client", answer: "own-replica" },
      'answer: a client has no replica of its own; use "any", or coordinate "node"',
    ],
  ]);
});
