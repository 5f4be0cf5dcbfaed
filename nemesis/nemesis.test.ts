import assert from "node:assert/strict";
import { Choice } from "../harness/base/choice.ts";
import type { FaultBody, FaultPlan, Link } from "../harness/contracts/scenario.ts";
import { actionsOf } from "./actions.ts";
import { skewSome } from "./clock.ts";
import { allLinks, anyPartition, linksBetween, lossyLinks, partition } from "./network.ts";
import { cutPower, killMinority, pauseMinority } from "./process.ts";
import { flapping, planned, windowsInTurn, windowWithin } from "./schedules.ts";

const nodes = ["n1", "n2", "n3", "n4", "n5"];
const choices = Array.from({ length: 60 }, (_, index) => new Choice(3, index));
const name = ({ from, to }: Link): string => `${from}→${to}`;

describe("partitions", () => {
  it("of one node cut it off from all others, both ways", () => {
    for (const choice of choices) {
      const links = partition(choice, nodes, "one-node");
      const alone = nodes.filter((node) => links.every(({ from, to }) => from === node || to === node));
      assert.equal(alone.length, 1);
      assert.equal(new Set(links.map(name)).size, 8);
    }
  });

  it("into halves leave no link between two and three", () => {
    for (const choice of choices) assert.equal(partition(choice, nodes, "halves").length, 2 * 2 * 3);
  });

  it("with a bridge leave one node that reaches everybody", () => {
    for (const choice of choices) {
      const touched = new Set(partition(choice, nodes, "bridge").flatMap(({ from, to }) => [from, to]));
      assert.equal(nodes.filter((node) => !touched.has(node)).length, 1);
    }
  });

  it("one way leave the way back open", () => {
    for (const choice of choices) {
      const cut = new Set(partition(choice, nodes, "one-way").map(name));
      assert.ok([...cut].every((link) => !cut.has(link.split("→").reverse().join("→"))));
    }
  });

  it("can be drawn for any cluster from two nodes on", () => {
    for (const choice of choices) {
      const body = anyPartition(choice, ["n1", "n2"]);
      assert.equal(body.kind, "cut");
    }
  });
});

describe("process faults", () => {
  it("kill and pause fewer than half of the nodes", () => {
    for (const choice of choices) {
      for (const body of [killMinority(choice, nodes), pauseMinority(choice, nodes)]) {
        assert.ok("nodes" in body && body.nodes.length >= 1 && body.nodes.length * 2 < nodes.length);
      }
    }
  });

  it("take the power from all nodes at once, too", () => {
    const sizes = choices
      .map((choice) => cutPower(choice, nodes))
      .map((body) => ("nodes" in body ? body.nodes.length : 0));
    assert.deepEqual([...new Set(sizes)].sort(), [1, 2, 3, 4, 5]);
  });
});

describe("clock skew", () => {
  it("leaves at least one clock right, and is half to one and a half times as large as asked", () => {
    for (const choice of choices) {
      const body = skewSome(choice, nodes, 1_000);
      assert.ok(body.kind === "skew" && body.nodes.length < nodes.length);
      assert.ok(Math.abs(body.offsetUs) >= 500 && Math.abs(body.offsetUs) <= 1_500);
    }
  });
});

describe("windows", () => {
  it("stay within what they were given", () => {
    for (const choice of choices) {
      const { atUs, untilUs } = windowWithin(choice, 1_000, 30);
      assert.ok(untilUs !== null && untilUs - atUs >= 100 && untilUs - atUs <= 300);
    }
  });

  it("in turn never overlap", () => {
    for (const choice of choices) {
      const windows = windowsInTurn(choice, 9_000, 3);
      for (const [index, { atUs }] of windows.entries()) {
        assert.ok(index === 0 || atUs >= (windows[index - 1]?.untilUs ?? Number.POSITIVE_INFINITY));
      }
    }
  });

  it("flap on and off within the whole", () => {
    assert.deepEqual(flapping({ atUs: 100, untilUs: 400 }, 3), [
      { atUs: 100, untilUs: 150 },
      { atUs: 200, untilUs: 250 },
      { atUs: 300, untilUs: 350 },
    ]);
  });
});

describe("a fault's actions", () => {
  const links = linksBetween(["n1"], ["n2"]);
  const bodies: FaultBody[] = [
    { kind: "cut", links, mode: "refuse" },
    { kind: "latency", links, addUs: 1, jitterUs: 2 },
    { kind: "loss", links, percent: 3 },
    { kind: "duplicate", links, percent: 4 },
    { kind: "reorder", links, percent: 5, byUs: 6 },
    { kind: "hold", operation: 7, links, leg: "writeRequest", byUs: 8 },
    { kind: "kill", nodes: ["n1", "n2"] },
    { kind: "power-loss", nodes: ["n1"] },
    { kind: "pause", nodes: ["n1"] },
    { kind: "skew", nodes: ["n1"], offsetUs: -9 },
    lossyLinks(new Choice(1, 1), nodes),
  ];

  it("have a mend for each strike, under the fault's own id", () => {
    for (const plan of planned(bodies.map((body) => [body, { atUs: 0, untilUs: 5 }]))) {
      const { strike, mend, where } = actionsOf(plan);
      assert.equal(strike.length, mend.length, plan.kind);
      assert.ok(
        [...strike, ...mend].every(({ fault }) => fault === plan.id),
        plan.kind,
      );
      assert.ok(where.length > 0, plan.kind);
    }
  });

  it("undo a skew by taking the fault's share of the offset away", () => {
    const plan: FaultPlan = { id: 4, atUs: 0, untilUs: null, kind: "skew", nodes: ["n1"], offsetUs: 60 };
    assert.deepEqual(actionsOf(plan), {
      strike: [{ fault: 4, kind: "set-clock", node: "n1", offsetUs: 60 }],
      mend: [{ fault: 4, kind: "set-clock", node: "n1", offsetUs: 0 }],
      where: ["n1"],
    });
  });

  it("number every directed link between different nodes", () => {
    assert.equal(allLinks(nodes).length, 20);
  });
});
