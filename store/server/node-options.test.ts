import assert from "node:assert/strict";
import { flags, usage } from "./node-flags.ts";
import { parseNodeCommand } from "./node-options.ts";

const given = {
  STORE_ID: "n1",
  STORE_MEMBERS: "n1@east=a.example:7001, n2=[::1]:7002",
  STORE_KEYSPACES: "keyspaces.json",
  STORE_DATA: "data",
  STORE_SECRET: "long enough",
};

const wrong: readonly (readonly [string[], RegExp])[] = [
  [["--colour", "red"], /Unknown option '--colour'/],
  [["--members", "n0"], /--members: "n0" is not NAME=HOST:PORT/],
  [["--members", "n0=h:1,n0=h:2"], /--members: n0 is there twice/],
  [["--members", "n7=h:1"], /--id n1 is not among the members n7/],
  [["--http", "localhost"], /--http: "localhost" is not HOST:PORT/],
  [["--http", "localhost:70000"], /--http: "localhost:70000" is not HOST:PORT/],
  [["--secret", "short"], /--secret needs at least 8 characters/],
  [["--peer", "here"], /--peer: "here" is not HOST:PORT/],
  [["--data", ""], /--data is missing/],
  [["--on-damage", "ignore"], /--on-damage is "ignore"; it can be refuse or resync/],
  [["--id", "n 1"], /--id "n 1" is not 1 to 32 letters/],
  [["--id", "n9", "--join"], /--peer is missing: a joining node has no other address/],
];

describe("node options", () => {
  it("come from the environment, and flags win", () => {
    const command = parseNodeCommand(["--http", "0.0.0.0:80", "--secret", "another one"], given);
    assert.deepEqual(command, {
      kind: "run",
      options: {
        id: "n1",
        members: [
          { id: "n1", dc: "east", address: "a.example:7001", dial: { host: "a.example", port: 7001 } },
          { id: "n2", dc: "dc1", address: "[::1]:7002", dial: { host: "::1", port: 7002 } },
        ],
        join: false,
        dc: "dc1",
        http: { host: "0.0.0.0", port: 80 },
        peer: { host: "a.example", port: 7001 },
        keyspaces: "keyspaces.json",
        data: "data",
        secret: "another one",
        onDamage: "refuse",
        defect: null,
      },
    });
  });

  it("let a node join that is not among the members", () => {
    const environment = { ...given, STORE_JOIN: "1", STORE_DC: "west", STORE_ON_DAMAGE: "resync" };
    const command = parseNodeCommand(["--id", "n9", "--peer", "127.0.0.1:7009"], environment);
    assert.ok(command.kind === "run");
    const { id, join, dc, peer, onDamage } = command.options;
    assert.deepEqual(
      { id, join, dc, peer, onDamage },
      { id: "n9", join: true, dc: "west", peer: { host: "127.0.0.1", port: 7009 }, onDamage: "resync" },
    );
  });

  it("may ask for help or for the settings instead, whatever else is missing", () => {
    assert.deepEqual(parseNodeCommand(["--help"], {}), { kind: "help" });
    assert.deepEqual(parseNodeCommand(["--settings"], {}), { kind: "settings" });
  });

  it("are all explained in the help", () => {
    for (const name of Object.keys(flags)) assert.match(usage, new RegExp(`^  --${name} `, "m"));
    const longest = Math.max(...usage.split("\n").map((line) => line.length));
    assert.ok(longest <= 110, `a line of ${longest} characters`);
  });

  for (const [args, says] of wrong) {
    it(`refuse ${args.join(" ")}`, () => {
      const environment = args[0] === "--data" ? { ...given, STORE_DATA: "" } : given;
      assert.throws(() => parseNodeCommand(args, environment), { code: "usage", message: says });
    });
  }
});
