import type { SmallKind } from "./small-histories.test-support.ts";
import { kindsOf } from "./small-histories.test-support.ts";

/** A bounded domain of histories, all of which are tried. */
export interface Domain {
  readonly name: string;
  readonly kinds: readonly SmallKind[];
  /** Most operations in `npm test`, and how many histories that gives. */
  readonly inTest: number;
  readonly histories: number;
  /** Most operations in `npm run prove:checkers`. */
  readonly inProof: number;
}

/** Kinds by short names, as `kindsOf` reads them. Values are 1 and 2, beside nothing. */
export const domains: readonly Domain[] = [
  {
    name: "reads and writes of one value",
    kinds: kindsOf("r0 r1 w1"),
    inTest: 4,
    histories: 3 + 15 + 100 + 840,
    inProof: 7,
  },
  {
    name: "reads and writes of two values",
    kinds: kindsOf("r0 r1 r2 w1 w2"),
    inTest: 4,
    histories: 3 + 23 + 260 + 3_762,
    inProof: 6,
  },
  {
    name: "reads, writes and deletes, some of unknown outcome",
    kinds: kindsOf("r0 r1 r2 w1 w2 d w1? w2? d?"),
    inTest: 3,
    histories: 6 + 60 + 860,
    inProof: 5,
  },
  {
    name: "compare-and-set done, refused and of unknown outcome, beside all others",
    kinds: kindsOf("r0 r1 r2 w1 w2 d c01 c02 c12 c21 c01! c02! c12! c21! c12? c21? w1? w2?"),
    inTest: 2,
    histories: 329,
    inProof: 4,
  },
  {
    name: "compare-and-set on one value",
    kinds: kindsOf("r0 r1 w1 d c01 c11 c10 c01! c10! c01? w1? d?"),
    inTest: 3,
    histories: 4_072,
    inProof: 4,
  },
];
