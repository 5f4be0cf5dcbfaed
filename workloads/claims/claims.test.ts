import assert from "node:assert/strict";
import { checkers } from "../../checkers/registry.ts";
import { Choice } from "../../harness/base/choice.ts";
import type { Claim, ClaimCell } from "../../harness/contracts/claim.ts";
import type { Scenario } from "../../harness/contracts/scenario.ts";
import { parseScenario } from "../../harness/contracts/scenario-schema.ts";
import { defects } from "../../store/core/defects.ts";
import { claims } from "./claims.ts";
import { observedOf } from "./observed.ts";

const drawn = ({ family }: Pick<ClaimCell, "family">, index: number): Scenario =>
  family(new Choice(11, index));

const eachCell = (look: (claim: Claim, cell: ClaimCell) => void): void => {
  for (const claim of claims) for (const cell of claim.cells) look(claim, cell);
};

describe("the claim table", () => {
  it("names every row once, and every cell of a row once", () => {
    assert.equal(new Set(claims.map(({ id }) => id)).size, claims.length);
    for (const { id, cells } of claims) {
      assert.equal(new Set(cells.map((cell) => cell.id)).size, cells.length, id);
    }
  });

  it("judges by checkers that exist", () => {
    const known = checkers.map(({ name }) => name);
    for (const { id, checkers: named } of claims) {
      for (const name of named) assert.ok(known.includes(name), `${id}: ${name}`);
    }
  });

  it("plants at least one defect, in a cell of its own, against each row that holds", () => {
    for (const claim of claims.filter(({ expect }) => expect === "holds")) {
      assert.ok(claim.defects.length > 0, claim.id);
      for (const { defect, cell } of claim.defects) {
        assert.ok(
          defects.some(({ name }) => name === defect),
          `${claim.id}: no defect ${defect}`,
        );
        assert.ok(
          claim.cells.some(({ id }) => id === cell),
          `${claim.id}: no cell ${cell}`,
        );
      }
    }
  });

  it("draws scenarios that the schema takes, the same ones from the same choices", () => {
    eachCell((claim, cell) => {
      for (let index = 0; index < 8; index += 1) {
        const scenario = drawn(cell, index);
        assert.deepEqual(
          parseScenario(JSON.parse(JSON.stringify(scenario))),
          scenario,
          `${claim.id} ${cell.id}`,
        );
        assert.deepEqual(drawn(cell, index), scenario);
      }
    });
  });

  it("uses no fault that the cell does not say it needs", () => {
    eachCell((claim, cell) => {
      for (let index = 0; index < 30; index += 1) {
        for (const { kind } of drawn(cell, index).faults) {
          // Slow links are the latency that every column has.
          if (kind !== "latency") assert.ok(cell.needs.includes(kind), `${claim.id} ${cell.id}: ${kind}`);
        }
      }
    });
  });

  it("writes each value once, so that a value tells its write", () => {
    eachCell((claim, cell) => {
      const written = drawn(cell, 3).operations.filter(({ f }) => f === "write");
      assert.equal(new Set(written.map(({ value }) => value)).size, written.length, `${claim.id} ${cell.id}`);
    });
  });

  it("leaves clocks alone where a row is about clean clocks", () => {
    const clean = claims.filter(({ id }) => ["Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "Q7", "Q9"].includes(id));
    for (const { id, cells } of clean) {
      for (const cell of cells) {
        const kinds = Array.from({ length: 20 }, (_, index) => drawn(cell, index).faults).flat();
        assert.ok(
          kinds.every(({ kind }) => kind !== "skew"),
          `${id} ${cell.id}`,
        );
      }
    }
  });
});

describe("the cells that no row covers", () => {
  it("complete the matrix for settings of a busy register, and repeat no cell of a row", () => {
    const covered = new Set(
      claims.flatMap(({ cells }) => cells.map(({ setting, fault }) => `${setting.label}|${fault}`)),
    );
    const observed = observedOf(claims);
    assert.ok(observed.length > 40, `${observed.length} cells`);
    for (const { setting, fault } of observed) assert.ok(!covered.has(`${setting.label}|${fault}`));
  });
});
