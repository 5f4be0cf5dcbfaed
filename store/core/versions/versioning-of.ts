import type { Keyspace } from "../options/keyspace.ts";
import { arrival } from "./arrival.ts";
import { lww } from "./lww.ts";
import type { Versioning } from "./version.ts";

/** How a keyspace decides between what it holds and what it hears of. */
export function versioningOf(keyspace: Keyspace): Versioning {
  return keyspace.versions === "arrival" ? arrival : lww;
}
