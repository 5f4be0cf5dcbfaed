import type { Claim } from "../../harness/contracts/claim.ts";
import { clockRows } from "./clock-rows.ts";
import { deleteRows } from "./delete-rows.ts";
import { quorumRows } from "./quorum-rows.ts";

/** The claim table, in the order in which it is printed. */
export const claims: readonly Claim[] = [...quorumRows, ...clockRows, ...deleteRows];
