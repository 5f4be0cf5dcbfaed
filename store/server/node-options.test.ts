import assert from "node:assert/strict";
import { parseNodeOptions } from "./node-options.ts";

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
];

describe("node options", () => {
  it("come from the environment, and flags win", () => {
    const options = parseNodeOptions(["--http", "0.0.0.0:80", "--secret", "another one"], given);
    assert.deepEqual(options, {
      id: "n1",
      members: [
        { id: "n1", dc: "east", address: { host: "a.example", port: 7001 } },
        { id: "n2", dc: "dc1", address: { host: "::1", port: 7002 } },
      ],
      http: { host: "0.0.0.0", port: 80 },
      peer: { host: "a.example", port: 7001 },
      keyspaces: "keyspaces.json",
      data: "data",
      secret: "another one",
      defect: null,
    });
  });

  it("are null where help is asked for", () => {
    assert.equal(parseNodeOptions(["--help"], {}), null);
  });

  for (const [flags, says] of wrong) {
    it(`refuse ${flags.join(" ")}`, () => {
      const environment = flags[0] === "--data" ? { ...given, STORE_DATA: "" } : given;
      assert.throws(() => parseNodeOptions(flags, environment), { code: "usage", message: says });
    });
  }
});
