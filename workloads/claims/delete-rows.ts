import type { Claim } from "../../harness/contracts/claim.ts";
import { setting } from "../settings.ts";
import { antiEntropyMs, cellsOf } from "./cells.ts";
import { deletesUnderFaults, deleteWhileAway } from "./scripts.ts";

/** What is said of deletes. */
export const deleteRows: readonly Claim[] = [
  {
    id: "D1",
    statement: "A delete removes the data.",
    source: "textbooks on leaderless replication, and their warning about zombies",
    expect: "breaks",
    anomalies: ["resurrected delete"],
    checkers: ["deletes"],
    cells: cellsOf(
      [
        setting(3, 2, 2, { deletes: "physical", read: "repair-async" }),
        setting(3, 2, 2, { deletes: "physical", antiEntropyMs }),
      ],
      ["partition", "crash"],
      (choice, chosen, column) => deleteWhileAway(choice, chosen, column),
    ),
    argument: "A replica that was away cannot tell “deleted” from “never heard of”: it gives the value back.",
    advice: "Tombstones, kept at least until every replica has them.",
    defects: [],
  },
  {
    id: "D2",
    statement: "Tombstones keep deleted data away.",
    source: "textbooks on leaderless replication",
    expect: "holds",
    anomalies: ["resurrected delete"],
    checkers: ["deletes"],
    cells: cellsOf(
      [
        setting(3, 2, 2, { deletes: "forever", read: "repair-async" }),
        setting(3, 2, 2, { deletes: "forever", antiEntropyMs }),
        setting(3, 1, 1, { deletes: "forever", antiEntropyMs }),
      ],
      ["partition", "lossy links", "power loss", "mixed"],
      deletesUnderFaults,
      ["partition", "lossy links", "power loss"],
    ),
    argument: "A tombstone is a version like any other, and the greater version stays.",
    advice: "Kept for ever they cost space; collected too early the data comes back.",
    defects: [
      { defect: "delete-without-tombstone", cell: "3/2/2 + async repair + tombstones · partition" },
      { defect: "tombstone-ignored-by-anti-entropy", cell: "3/1/1 + tombstones + anti-entropy · partition" },
      { defect: "read-skips-tombstones", cell: "3/2/2 + async repair + tombstones · power loss" },
      { defect: "recovery-keeps-first", cell: "3/2/2 + tombstones + anti-entropy · power loss" },
    ],
  },
];
