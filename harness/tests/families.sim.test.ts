import assert from "node:assert/strict";
import { Choice } from "../base/choice.ts";
import { registry } from "../cli/registry.ts";
import { parseScenario } from "../contracts/scenario-schema.ts";

/** Draws of each family; chosen: seconds in all, and every branch of a family is met. */
const draws = 25;

describe("families of scenarios", () => {
  for (const { id, cells } of registry.claims) {
    it(`of ${id} draw what the schema takes, and replay takes back`, () => {
      for (const cell of cells) assertValidPlans(cell.id, cell.family);
    });
  }

  it("of cells that no row speaks of do so too", () => {
    for (const { setting, fault, family } of registry.observed) {
      assertValidPlans(`${setting.label} · ${fault}`, family);
    }
  });
});

function assertValidPlans(name: string, family: (choice: Choice) => unknown): void {
  for (let index = 0; index < draws; index += 1) {
    const drawn = family(new Choice(11, index));
    assert.doesNotThrow(() => parseScenario(JSON.parse(JSON.stringify(drawn))), `${name}, draw ${index}`);
  }
}
