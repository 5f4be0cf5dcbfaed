import type { Choice } from "../../harness/base/choice.ts";
import type { Claim, FaultColumn, Setting } from "../../harness/contracts/claim.ts";
import type { Scenario } from "../../harness/contracts/scenario.ts";
import { anyStrictQuorumOfFive, setting } from "../settings.ts";
import type { Mix } from "./cells.ts";
import { cellsOf, notLinearizable } from "./cells.ts";
import { concurrent, sequential } from "./families.ts";
import { failedWrite } from "./scripts.ts";

const regularCalm: Mix = ["partition", "lossy links"];
const regularMix: Mix = ["partition", "lossy links", "crash", "pause"];
const durableMix: Mix = ["partition", "lossy links", "power loss"];
const everyFault: Mix = ["partition", "lossy links", "power loss", "pause"];

/** Draws W and R of five replicas so that they overlap, then a concurrent register. */
function anyQuorumOfFive(choice: Choice, _setting: Setting, column: FaultColumn, mix: Mix): Scenario {
  const w = choice.between(1, 5);
  const r = choice.between(6 - w, 5);
  return concurrent(choice, anyStrictQuorumOfFive(w, r), column, mix);
}

const strictOfThree = [
  setting(3, 1, 3),
  setting(3, 2, 2),
  setting(3, 2, 3),
  setting(3, 3, 1),
  setting(3, 3, 2),
  setting(3, 3, 3),
];
const regularColumns = ["latency", "partition", "lossy links", "crash", "pause", "mixed"] as const;
const durableColumns = ["latency", "partition", "lossy links", "power loss", "mixed"] as const;

/** What is said of N, W and R. */
export const quorumRows: readonly Claim[] = [
  {
    id: "Q1",
    statement: "With W + R > N, a read sees the latest write, one operation at a time.",
    source: "textbooks on leaderless replication",
    expect: "holds",
    anomalies: ["stale read"],
    checkers: ["regular"],
    cells: cellsOf(
      [setting(3, 2, 2), setting(3, 3, 1), setting(3, 1, 3), setting(5, 3, 3)],
      ["none", "partition", "lossy links", "mixed"],
      sequential,
      regularCalm,
    ),
    argument: "Every completed write is in every read set and has the highest timestamp.",
    advice: "Enough only where operations never overlap and clocks are right.",
    defects: [
      { defect: "read-answered-at-r-minus-1", cell: "3/2/2 · partition" },
      { defect: "write-acked-at-w-minus-1", cell: "3/2/2 · lossy links" },
      { defect: "stamp-in-milliseconds", cell: "3/1/3 · none" },
      { defect: "ack-counted-twice", cell: "3/3/1 · lossy links" },
    ],
  },
  {
    id: "Q2",
    statement: "W + R > N gives strong consistency.",
    source: "textbooks on leaderless replication",
    expect: "breaks",
    anomalies: ["read inversion"],
    checkers: ["linearizability"],
    cells: cellsOf(
      [
        setting(3, 2, 2),
        setting(5, 3, 3),
        setting(3, 2, 2, { read: "repair-async" }),
        setting(5, 3, 3, { read: "repair-async" }),
      ],
      ["latency"],
      concurrent,
    ),
    argument: "The first reader meets the one replica that has the write in progress, the second does not.",
    advice: "Blocking read repair, or abd.",
    defects: [],
  },
  {
    id: "Q3",
    statement: "What W + R > N really gives is a regular register.",
    source: "Lamport, On Interprocess Communication",
    expect: "holds",
    anomalies: ["stale read"],
    checkers: ["regular"],
    cells: [
      ...cellsOf([...strictOfThree, setting(5, 3, 3)], regularColumns, concurrent, regularMix),
      ...cellsOf([anyStrictQuorumOfFive(3, 3)], regularColumns, anyQuorumOfFive, regularMix),
    ],
    argument: "Overlapping quorums and timestamps that only grow.",
    advice: "No stale reads, but two readers may disagree while a write is under way.",
    defects: [
      { defect: "read-takes-first-answer", cell: "3/2/2 · latency" },
      { defect: "write-acked-by-one", cell: "3/3/1 · pause" },
      { defect: "older-write-overwrites", cell: "3/2/2 · partition" },
      { defect: "recovery-starts-empty", cell: "3/3/1 · crash" },
      { defect: "recovery-forgets-tail", cell: "3/2/2 · crash" },
      { defect: "read-answered-by-one", cell: "3/2/2 · mixed" },
    ],
  },
  {
    id: "Q4",
    statement: "With W + R ≤ N reads may be stale.",
    source: "textbooks on leaderless replication",
    expect: "breaks",
    anomalies: ["stale read"],
    checkers: ["regular"],
    cells: cellsOf(
      [setting(3, 1, 1), setting(3, 2, 1), setting(3, 1, 2), setting(5, 2, 3)],
      ["latency"],
      concurrent,
    ),
    argument: "The read set and the write set need not meet.",
    advice: "W + R > N.",
    defects: [],
  },
  {
    id: "Q5",
    statement: "Writing and reading all replicas is linearizable.",
    source: "a textbook’s table of settings",
    expect: "holds",
    anomalies: notLinearizable,
    checkers: ["linearizability"],
    cells: cellsOf([setting(3, 3, 3)], durableColumns, concurrent, durableMix),
    argument: "R = N reads every replica, so what one read saw the next one sees.",
    advice: "It costs availability: one node down stops everything. And clocks must be right (Q8).",
    defects: [
      { defect: "read-ignores-newest", cell: "3/3/3 · latency" },
      { defect: "recovery-starts-empty", cell: "3/3/3 · power loss" },
      { defect: "ack-before-sync", cell: "3/3/3 · power loss" },
    ],
  },
  {
    id: "Q6",
    statement: "Reading all replicas is linearizable, even with W = 1.",
    source: "follows from Q5",
    expect: "holds",
    anomalies: notLinearizable,
    checkers: ["linearizability"],
    cells: cellsOf([setting(3, 1, 3)], durableColumns, concurrent, durableMix),
    argument: "As Q5; W only matters for durability and fault tolerance.",
    advice: "Reads stop when one replica is away.",
    defects: [
      { defect: "read-answered-at-r-minus-1", cell: "3/1/3 · lossy links" },
      { defect: "recovery-forgets-tail", cell: "3/1/3 · power loss" },
      { defect: "shown-before-sync", cell: "3/1/3 · power loss" },
    ],
  },
  {
    id: "Q7",
    statement: "W = N, R = 1 reads the latest value: the setting for many reads.",
    source: "a textbook’s table of settings",
    expect: "breaks",
    anomalies: ["read inversion"],
    checkers: ["linearizability"],
    cells: cellsOf(
      [setting(3, 3, 1), setting(3, 3, 1, { read: "repair-blocking" })],
      ["latency"],
      concurrent,
    ),
    argument: "One replica’s answer shows no mismatch that could be repaired.",
    advice: "No stale read (Q3), but reads may go back while a write is under way: abd.",
    defects: [],
  },
  {
    id: "Q8",
    statement: "Writing and reading all replicas is linearizable, with clocks as they are.",
    source: "a textbook’s table of settings",
    expect: "breaks",
    anomalies: ["lost write"],
    checkers: ["lost-write"],
    cells: cellsOf([setting(3, 3, 3)], ["clock skew"], sequential),
    argument: "The later write carries the smaller timestamp.",
    advice: "A version that no clock decides: abd.",
    defects: [],
  },
  {
    id: "Q9",
    statement: "Blocking read repair makes majority quorums linearizable.",
    source: "Attiya, Bar-Noy and Dolev",
    expect: "holds",
    anomalies: notLinearizable,
    checkers: ["linearizability"],
    cells: cellsOf(
      [setting(3, 2, 2, { read: "repair-blocking" }), setting(5, 3, 3, { read: "repair-blocking" })],
      ["latency", "partition", "lossy links", "power loss", "pause", "mixed"],
      concurrent,
      everyFault,
    ),
    argument: "What a read returns sits on a read quorum, which every later read meets.",
    advice: "Only while clocks are right; abd does not need them.",
    defects: [
      { defect: "read-without-write-back", cell: "3/2/2 + blocking repair · latency" },
      { defect: "blocking-answers-unacked", cell: "3/2/2 + blocking repair · power loss" },
      { defect: "write-back-to-one", cell: "5/3/3 + blocking repair · partition" },
      { defect: "repair-writes-older", cell: "3/2/2 + blocking repair · partition" },
      { defect: "repair-overwrites", cell: "3/2/2 + blocking repair · pause" },
      { defect: "late-answer-of-earlier-life", cell: "3/2/2 + blocking repair · power loss" },
    ],
  },
  {
    id: "Q10",
    statement: "abd is linearizable whatever the clocks do.",
    source: "Attiya, Bar-Noy and Dolev",
    expect: "holds",
    anomalies: notLinearizable,
    checkers: ["linearizability"],
    cells: cellsOf(
      [setting(3, 2, 2, { protocol: "abd" }), setting(5, 3, 3, { protocol: "abd" })],
      ["latency", "partition", "lossy links", "power loss", "pause", "clock skew", "mixed"],
      concurrent,
      [...everyFault, "clock skew"],
    ),
    argument: "The version comes from a quorum, not from a clock.",
    advice: "The setting to choose for a register that must be linearizable: two round trips each.",
    defects: [
      { defect: "abd-without-write-back", cell: "abd 3/2/2 · lossy links" },
      { defect: "abd-clock-version", cell: "abd 3/2/2 · clock skew" },
      { defect: "abd-version-from-one", cell: "abd 3/2/2 · pause" },
      { defect: "abd-sequence-reset", cell: "abd 3/2/2 · latency" },
      { defect: "recovery-keeps-first", cell: "abd 3/2/2 · power loss" },
    ],
  },
  {
    id: "Q12",
    statement: "A write that failed is not there.",
    source: "common belief",
    expect: "breaks",
    anomalies: ["failed write visible"],
    checkers: ["failed-writes"],
    cells: cellsOf([setting(3, 3, 1), setting(3, 2, 2)], ["partition"], (choice, chosen) =>
      failedWrite(choice, chosen),
    ),
    argument: "Nobody rolls back the replicas that did store it.",
    advice: "Treat a failed write as unknown: read before you write again.",
    defects: [],
  },
];
