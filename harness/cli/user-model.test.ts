import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OperatingError } from "../base/errors.ts";
import { modelNamed } from "./user-model.ts";

const whole = `export const model = {
  name: "tickets",
  partition: "key",
  initial: 0,
  step: (last) => last + 1,
};
`;

describe("the model that is asked for", () => {
  let folder = "";
  let files = 0;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "recount-model-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const fileOf = (text: string): string => {
    files += 1;
    const path = join(folder, `model-${files}.mjs`);
    writeFileSync(path, text);
    return path;
  };
  const refusal = async (name: string): Promise<string> => {
    try {
      await modelNamed(name);
      return "taken";
    } catch (error) {
      assert.ok(error instanceof OperatingError && error.code === "usage", String(error));
      return error.message.replace(folder, "").replace(/^--model \/model-\d+\.mjs: /, "");
    }
  };

  it("is one of ours by its name, or none", async () => {
    assert.equal(await modelNamed(undefined), null);
    assert.equal(await modelNamed("cas-register"), "cas-register");
    assert.match(
      await refusal("tree"),
      /^there is no model "tree"; the models are register, cas-register, .*, or the path of a file such as \.\/my-model\.ts$/,
    );
  });

  it("is somebody's own by the path of its file", async () => {
    const model = await modelNamed(fileOf(whole));
    assert.ok(typeof model === "object" && model !== null);
    assert.deepEqual(
      [model.name, model.step(4, { f: "", key: "", value: null, result: null, outcome: "ok" })],
      ["tickets", 5],
    );
    const more = 'functions: ["take"], refusals: [], textOf: String, isReadOnly: () => false, step:';
    assert.equal(await refusal(fileOf(whole.replace("step:", more))), "taken");
  });

  it("is somebody's own as a table in a JSON file", async () => {
    const path = join(folder, "door.json");
    writeFileSync(
      path,
      '{"name":"door","initial":"shut","transitions":[{"from":"shut","f":"open","to":"open"}]}',
    );
    const model = await modelNamed(path);
    assert.ok(typeof model === "object" && model !== null);
    assert.deepEqual([model.name, model.functions], ["door", ["open"]]);
    writeFileSync(path, "{}");
    assert.equal(await refusal(path), "--model /door.json: name of the table must be a text, not undefined");
  });

  const wrong: readonly (readonly [what: string, text: string, says: RegExp])[] = [
    [
      "without an export",
      "export const Model = 1;",
      /^exports no "model"; it must be export const model = \{ name: /,
    ],
    ["that is no object", 'export const model = "counter";', /^exports no "model"; /],
    ["that is null", "export const model = null;", /^exports no "model"; /],
    ["without a name", whole.replace("name", "title"), /^"name" of the model must be a text$/],
    ["with an empty name", whole.replace('"tickets"', '""'), /^"name" of the model must be a text$/],
    [
      "cut in another way",
      whole.replace('"key"', '"half"'),
      /^"partition" of the model must be "key" or "whole"$/,
    ],
    [
      "without a beginning",
      whole.replace("initial", "start"),
      /^"initial" of the model must be a state, which is plain data$/,
    ],
    [
      "without steps",
      whole.replace("step", "steps"),
      /^"step" of the model must be a function from a state and an operation/,
    ],
    [
      "with one function",
      whole.replace("step:", 'functions: "take", step:'),
      /^"functions" of the model must be a list of names$/,
    ],
    [
      "with refused numbers",
      whole.replace("step:", "refusals: [1], step:"),
      /^"refusals" of the model must be a list of names$/,
    ],
    [
      "with a text for texts",
      whole.replace("step:", 'textOf: "x", step:'),
      /^"textOf" of the model must be a function/,
    ],
    [
      "that is read only",
      whole.replace("step:", "isReadOnly: true, step:"),
      /^"isReadOnly" of the model must be a function/,
    ],
    ["that cannot be read", "export const model = {", /^cannot be loaded: \S/],
    ["that throws", 'throw new Error("no\\nmore");', /^cannot be loaded: no$/],
    ["that throws a text", 'throw "no";', /^cannot be loaded: no$/],
  ];
  for (const [what, text, says] of wrong) {
    it(`is refused ${what}`, async () => assert.match(await refusal(fileOf(text)), says));
  }

  it("is refused where it is not there, or this Node cannot read it", async () => {
    assert.match(
      await refusal(join(folder, "absent.mjs")),
      /^--model \/absent\.mjs: cannot be loaded: Cannot find module/,
    );
    const path = join(folder, "model.py");
    writeFileSync(path, whole);
    assert.match(await refusal(path), /^--model \/model\.py: cannot be loaded: \S/);
  });
});
