import assert from "node:assert/strict";
import { OperatingError } from "../base/errors.ts";
import { parseHistory } from "./journal.ts";

/** What a file of these lines is refused with; `read` where it is taken. Anything else is a failure. */
function refusal(...lines: readonly string[]): string {
  try {
    parseHistory(lines.join("\n"));
    return "read";
  } catch (error) {
    if (error instanceof OperatingError && error.code === "bad-history") return error.message;
    throw error;
  }
}

const event = (fields: object): string =>
  JSON.stringify({ time: 1, process: 0, type: "invoke", f: "write", ...fields });

describe("hostile history files", () => {
  it("may not hold numbers that no two of us would read alike", () => {
    const valued = (digits: string): string => event({ value: 7 }).replace('"value":7', `"value":${digits}`);
    const says = (number: string): string =>
      `line 1: "value" has a number beyond 2^53 that JSON gives other digits, ${number}; write it as a text`;
    assert.equal(refusal(valued("9007199254740993")), says("9007199254740992"));
    assert.equal(refusal(valued("[1,-9007199254740993]")), says("-9007199254740992"));
    assert.equal(refusal(valued('{"a":{"b":123456789012345678901}}')), says("123456789012345680000"));
    for (const exact of [
      "9007199254740991",
      "9007199254740992",
      "1e+21",
      "0.1",
      '"9007199254740993"',
      "[1e+21,[null]]",
    ]) {
      assert.equal(refusal(valued(exact)), "read", exact);
    }
    for (const [field, number] of [
      ["process", "9007199254740993"],
      ["index", "1e99"],
      ["time", "1e999"],
    ] as const) {
      const line = event({ index: 0 }).replace(new RegExp(`"${field}":\\d+`), `"${field}":${number}`);
      assert.match(refusal(line), new RegExp(`^line 1: "${field}" is .*; it must be `));
    }
  });

  it("gain nothing by the names of prototypes", () => {
    for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
      const field = event({ value: 1 }).replace('"value"', `"${name}"`);
      assert.match(refusal(field), new RegExp(`^line 1: unknown field "${name}"; known are index, `));
      assert.match(
        refusal(`{"time":1,"process":"harness","type":"info","f":"${name}"}`),
        new RegExp(`^line 1: "f" of the harness is "${name}"; it must be one of "phase", `),
      );
      assert.match(refusal(`{"recount":"history","version":1,"${name}":1}`), /^line 1: unknown field/);
      const history = parseHistory(
        event({ f: name, key: name, value: { [name]: 1 }, process: name, session: name }),
      );
      assert.deepEqual(
        [history.otherFunctions, history.keys, history.processes, history.sessions],
        [[name], [{ keyspace: "", key: name }], [name], [name]],
      );
    }
  });

  it("are told apart by no more than 240 functions", () => {
    const lines = Array.from({ length: 242 }, (_, at) =>
      event({ f: at === 0 ? "read" : `f${at}`, process: at }),
    );
    assert.equal(refusal(...lines.slice(0, 241)), "read");
    assert.equal(refusal(...lines.slice(0, 241), event({ f: "f240", process: "p" })), "read");
    assert.equal(
      refusal(...lines),
      'line 242: "f241" is one function too many; 240 different ones can be told apart',
    );
  });

  it("are quoted in part only, however long a name is", () => {
    const long = "x".repeat(100_000);
    const cut = `"${"x".repeat(58)}…`;
    const bare = `${"x".repeat(59)}…`;
    const ok = { type: "ok", time: 2 };
    const cases: readonly (readonly [lines: readonly string[], says: RegExp | string])[] = [
      [[event({ [long]: 1 })], new RegExp(`^line 1: unknown field ${cut}; known are`)],
      [[event({ type: long })], new RegExp(`^line 1: "type" is ${cut}; it must be`)],
      [[`"${long}"`], new RegExp(`^line 1: not a JSON object: ${cut}; each line`)],
      [[long], new RegExp(`^line 1: not JSON: ${bare}; each line`)],
      [[`{"recount":"${long}"}`], new RegExp(`^line 1: this is a ${cut} file`)],
      [[`{"recount":"history","version":"${long}"}`], new RegExp(`^line 1: version ${cut} of the format`)],
      [
        [event({ f: long, process: long }), event({ f: long, process: long })],
        new RegExp(`^line 2: process ${cut} invokes a ${bare}, but its ${bare} of line 1 is`),
      ],
      [
        [event({ f: long, process: long, type: "ok" })],
        new RegExp(`^line 1: process ${cut} completes a ${bare}, but`),
      ],
      [
        [event({ key: long }), event({ ...ok, key: `y${long}` })],
        new RegExp(`^line 2: completes the key "y${"x".repeat(57)}…, but line 1 invoked ${cut}$`),
      ],
      [
        [event({ value: long }), event({ ...ok, value: 3 })],
        `line 2: completes the value 3, but line 1 invoked ${cut}`,
      ],
    ];
    for (const [lines, says] of cases) {
      if (typeof says === "string") assert.equal(refusal(...lines), says);
      else assert.match(refusal(...lines), says);
    }
  });

  it("are refused however deep they go", () => {
    const deep = `${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`;
    assert.match(
      refusal(event({ value: 7 }).replace("7}", `${deep}}`)),
      /^line 1: "value" is .*at most 32 deep$/,
    );
    assert.match(refusal("[".repeat(1_000_000)), /^line 1: not JSON: \[{59}…; each line is one JSON object$/);
    assert.match(refusal(`{"a":${deep}}`), /^line 1: unknown field "a"|missing/);
  });

  it("are refused for what is missing before anything is made of the rest", () => {
    assert.match(
      refusal('{"process":0,"type":"ok","f":"read"}'),
      /^line 1: "time" is missing; it must be nanoseconds/,
    );
    assert.match(
      refusal('{"time":1,"process":0,"type":"ok"}'),
      /^line 1: "f" is missing; it must be the name/,
    );
    assert.match(
      refusal('{"time":1,"process":0,"f":"read"}'),
      /^line 1: "type" is missing; it must be "invoke"/,
    );
    assert.match(
      refusal('{"time":1,"process":0,"type":"ok","f":"read","siblings":3}'),
      /^line 1: "siblings" is 3; it must be a list/,
    );
    assert.match(refusal(event({ key: 3, w: -1 })), /^line 1: "key" is 3; it must be a string$/);
  });
});
