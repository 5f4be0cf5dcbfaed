import type { Keyspace } from "../options/keyspace.ts";
import { arrival } from "./arrival.ts";
import { lww } from "./lww.ts";
import { lwwByValue, lwwKeepingOwn } from "./lww-ties.ts";
import { orCart, orSet } from "./observed-remove.ts";
import { pnCounter } from "./pn-counter.ts";
import { siblingVectors } from "./sibling-vectors.ts";
import { siblings } from "./siblings.ts";
import type { Versioning } from "./version.ts";

/** How a keyspace decides between what it holds and what it hears of: one shared object a kind. */
export function versioningOf({ versions, tieBreak, siblings: kind }: Keyspace): Versioning {
  switch (versions) {
    case "arrival":
      return arrival;
    case "lww":
    case "hlc":
      return tieBreak === "unique" ? lww : tieBreak === "none" ? lwwKeepingOwn : lwwByValue;
    case "siblings":
      return kind === "dotted" ? siblings : siblingVectors;
    case "pn-counter":
      return pnCounter;
    case "or-set":
      return orSet;
    case "or-cart":
      return orCart;
  }
}
