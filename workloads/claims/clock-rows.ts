import type { Claim } from "../../harness/contracts/claim.ts";
import { setting } from "../settings.ts";
import { antiEntropyMs, cellsOf } from "./cells.ts";
import { minuteOfSkew } from "./families.ts";
import { convergence } from "./scripts.ts";

/** What is said of clocks and conflicts. */
export const clockRows: readonly Claim[] = [
  {
    id: "C2",
    statement: "Last write wins converges, if only by throwing writes away.",
    source: "textbooks on leaderless replication",
    expect: "holds",
    anomalies: ["divergence"],
    checkers: ["convergence"],
    cells: cellsOf(
      [
        setting(3, 1, 1, { antiEntropyMs }),
        setting(3, 2, 2, { antiEntropyMs }),
        setting(3, 3, 3, { antiEntropyMs }),
      ],
      ["partition", "crash", "clock skew", "mixed"],
      convergence,
      ["partition", "lossy links", "crash", "clock skew"],
    ),
    argument: "A total order on unique versions: whoever meets whom, the greater one stays.",
    advice: "Convergence says nothing about which writes survive (C3).",
    defects: [{ defect: "tombstone-ignored-by-anti-entropy", cell: "3/2/2 + anti-entropy · crash" }],
  },
  {
    id: "C3",
    statement: "Last write wins keeps the last write.",
    source: "textbooks on leaderless replication, and their warning about clocks",
    expect: "breaks",
    anomalies: ["lost write"],
    checkers: ["lost-write"],
    cells: cellsOf([setting(3, 2, 2), setting(3, 3, 3)], ["clock skew"], (choice, chosen) =>
      minuteOfSkew(choice, chosen),
    ),
    argument:
      "A node whose clock is a minute behind stamps a later write lower: every replica drops it and still says ok.",
    advice: "A version that no clock decides: abd.",
    defects: [],
  },
];
