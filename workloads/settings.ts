import type { Setting } from "../harness/contracts/claim.ts";

/** What a setting may say beyond N, W and R; the store's defaults hold where it is silent. */
export interface SettingOptions {
  readonly read?: "plain" | "repair-async" | "repair-blocking";
  readonly protocol?: "quorum" | "abd";
  readonly deletes?: "forever" | "physical";
  readonly antiEntropyMs?: number;
}

/** The keyspace that every scenario of a single setting uses. */
export const keyspaceName = "k";

const lastWriteWins = "Last write wins, by the coordinator’s clock";
const richer = "With a repair or a richer version";
const deleting = "Deletes and repair in the background";

/** A last-write-wins or abd setting with the label and the claim that the matrix shows. */
export function setting(n: number, w: number, r: number, options: SettingOptions = {}): Setting {
  const { read = "plain", protocol = "quorum", deletes, antiEntropyMs } = options;
  return {
    label: labelOf(n, w, r, options),
    group: groupOf(options),
    claimed: claimedOf(n, w, r, options),
    nodes: n,
    keyspace: {
      name: keyspaceName,
      n,
      w,
      r,
      versions: "lww",
      protocol,
      // abd always writes back; it has no read mode of its own.
      ...(protocol === "abd" ? {} : { read }),
      deletes: { kind: deletes ?? "forever" },
      antiEntropyMs: antiEntropyMs ?? null,
      fsync: "always",
    },
  };
}

function labelOf(n: number, w: number, r: number, options: SettingOptions): string {
  const parts = [options.protocol === "abd" ? `abd ${n}/${w}/${r}` : `${n}/${w}/${r}`];
  if (options.read === "repair-async") parts.push("async repair");
  if (options.read === "repair-blocking") parts.push("blocking repair");
  if (options.deletes === "physical") parts.push("no tombstones");
  if (options.deletes === "forever") parts.push("tombstones");
  if (options.antiEntropyMs !== undefined) parts.push("anti-entropy");
  return parts.join(" + ");
}

function groupOf({ protocol, read, deletes, antiEntropyMs }: SettingOptions): string {
  if (deletes !== undefined || antiEntropyMs !== undefined) return deleting;
  return protocol === "abd" || (read !== undefined && read !== "plain") ? richer : lastWriteWins;
}

function claimedOf(n: number, w: number, r: number, options: SettingOptions): string {
  if (options.deletes === "physical") return "deletes stay deleted";
  if (options.deletes === "forever") return "deletes stay deleted";
  if (options.antiEntropyMs !== undefined) return "replicas converge";
  if (options.protocol === "abd") return "linearizable";
  if (options.read === "repair-blocking") return 2 * r > n ? "linearizable" : "R + W > N";
  if (w === n && r === n) return "every replica, always";
  return w + r > n ? "R + W > N" : "eventual";
}

/** Whether one replica that is away stops its writes or its reads. */
export function needsEveryReplica({ keyspace }: Setting): boolean {
  const { n, w, r } = keyspace;
  return w === n || r === n;
}

/** Every W and R that overlap, of any five replicas: drawn anew for each run. */
export function anyStrictQuorumOfFive(w: number, r: number): Setting {
  return { ...setting(5, w, r), label: "5/w/r", claimed: "any R + W > N" };
}
