import type { Fields } from "./fields.ts";
import type { Keyspace } from "./keyspace.ts";
import { isDotted, isTimed } from "./keyspace.ts";
import { KeyspaceError } from "./keyspace-error.ts";

/** Settings that do not go together: where, whether they meet, why not, and what would be right. */
interface Clash {
  readonly field: keyof Keyspace;
  readonly wrong: string;
  readonly right: string;
  meet(keyspace: Keyspace, given: Fields): boolean;
}

const isLogical = ({ protocol }: Keyspace): boolean => protocol === "abd" || protocol === "caspaxos";

const clashes: readonly Clash[] = [
  {
    field: "versions",
    wrong: "without versions nothing says which replica is behind",
    right: 'use "plain" reads, no antiEntropyMs, no hints and no sloppy',
    meet: ({ versions, read, antiEntropyMs, hints }) =>
      versions === "arrival" && (read !== "plain" || antiEntropyMs !== null || hints !== null),
  },
  {
    field: "versions",
    wrong: "abd and caspaxos order writes by counters",
    right: 'leave it out or use "lww"',
    meet: (keyspace) => isLogical(keyspace) && keyspace.versions !== "lww",
  },
  {
    field: "deletes",
    wrong: "under abd and caspaxos a delete is a version",
    right: 'use {"kind":"forever"}',
    meet: (keyspace) =>
      isLogical(keyspace) && (keyspace.deletes.kind !== "forever" || keyspace.deletes.refuseOlderMs !== null),
  },
  {
    field: "read",
    wrong: "abd and caspaxos always write back before they answer",
    right: "leave it out",
    meet: (keyspace, given) =>
      isLogical(keyspace) && given["read"] !== undefined && keyspace.read !== "repair-blocking",
  },
  {
    field: "sloppy",
    wrong: "a stand-in does not know what abd and caspaxos must know",
    right: "leave it out",
    meet: (keyspace) => isLogical(keyspace) && keyspace.sloppy !== null,
  },
  {
    field: "hints",
    wrong: "who stands in for a replica keeps what it is given as a hint",
    right: "leave it out for the defaults, or give {}; or leave out sloppy",
    meet: ({ sloppy, hints }) => sloppy !== null && hints === null,
  },
  {
    field: "hints",
    wrong: "a write that went through ballots is brought to nobody by a hint",
    right: "leave it out",
    meet: ({ protocol, hints }) => protocol === "caspaxos" && hints !== null,
  },
  {
    field: "stamp",
    wrong: "only lww takes timestamps from clients",
    right: 'leave it out, or use versions "lww"',
    meet: (keyspace) => keyspace.stamp === "client" && (isLogical(keyspace) || keyspace.versions !== "lww"),
  },
  {
    field: "stampUnitUs",
    wrong: "only lww has timestamps that can be rounded",
    right: 'leave it out, or use versions "lww"',
    meet: (keyspace) => keyspace.stampUnitUs !== 1 && (isLogical(keyspace) || keyspace.versions !== "lww"),
  },
  {
    field: "tieBreak",
    wrong: "only lww has ties to break",
    right: 'leave it out, or use versions "lww"',
    meet: (keyspace) =>
      keyspace.tieBreak !== "unique" && (isLogical(keyspace) || keyspace.versions !== "lww"),
  },
  {
    field: "writeBackTo",
    wrong: "the read does not write back",
    right: 'use it with read "repair-blocking"',
    meet: ({ writeBackTo, read }) => writeBackTo === "w" && read !== "repair-blocking",
  },
  {
    field: "r",
    wrong: "a prepare quorum must meet every accept quorum",
    right: "give r and w with r + w above n",
    meet: ({ protocol, cas, n, w, r }) => (protocol === "caspaxos" || cas === "caspaxos") && r + w <= n,
  },
  {
    field: "cas",
    wrong: "under caspaxos a cas goes through the ballots",
    right: 'use "caspaxos", or leave it out',
    meet: ({ protocol, cas }) => protocol === "caspaxos" && cas !== "caspaxos",
  },
  {
    field: "cas",
    wrong: "what a cas compares is one value",
    right: 'use "none", or versions "lww"',
    meet: ({ cas, versions }) => cas !== "none" && versions !== "lww" && versions !== "hlc",
  },
  {
    field: "cas",
    wrong: "ballots need replicas that are replicas",
    right: 'use "none" or "quorum", or protocol "caspaxos" without sloppy',
    meet: ({ cas, sloppy, protocol }) => cas === "caspaxos" && (sloppy !== null || protocol === "abd"),
  },
  {
    field: "tieBreak",
    wrong: "ballots have a unique order",
    right: 'leave it out, or use cas "none" or "quorum"',
    meet: ({ cas, tieBreak }) => cas === "caspaxos" && tieBreak !== "unique",
  },
  {
    field: "stamp",
    wrong: "a ballot takes its time from the coordinator",
    right: 'leave it out, or use cas "none" or "quorum"',
    meet: ({ cas, stamp }) => cas === "caspaxos" && stamp === "client",
  },
  {
    field: "stampUnitUs",
    wrong: "a client's timestamp is taken as it is",
    right: 'leave it out, or use stamp "coordinator"',
    meet: ({ stamp, stampUnitUs }) => stamp === "client" && stampUnitUs !== 1,
  },
  {
    field: "deletes",
    wrong: "only lww and hlc versions have an age",
    right: 'use {"kind":"forever"} or {"kind":"physical"} without refuseOlderMs',
    meet: (keyspace) =>
      !isTimed(keyspace) &&
      !isLogical(keyspace) &&
      (keyspace.deletes.kind === "grace" ||
        keyspace.deletes.kind === "purge" ||
        keyspace.deletes.refuseOlderMs !== null),
  },
  {
    field: "actor",
    wrong: "only siblings and CRDTs have actors",
    right: "leave it out",
    meet: (keyspace, given) => given["actor"] !== undefined && !isDotted(keyspace),
  },
  {
    field: "siblings",
    wrong: "there are no siblings",
    right: 'leave it out, or use versions "siblings"',
    meet: ({ siblings, versions }) => siblings === "vectors" && versions !== "siblings",
  },
  {
    field: "replicate",
    wrong: "there are no siblings",
    right: 'leave it out, or use versions "siblings" or a CRDT',
    meet: (keyspace) => keyspace.replicate === "new-sibling" && !isDotted(keyspace),
  },
  {
    field: "removes",
    wrong: "nothing is removed by context",
    right: 'leave it out, or use versions "or-set" or "or-cart"',
    meet: ({ removes, versions }) =>
      removes === "own-view" && versions !== "or-set" && versions !== "or-cart",
  },
  {
    field: "coordinate",
    wrong: "a client has no disk for hints, and does not hear heartbeats",
    right: 'use "node", or leave out sloppy and hints',
    meet: ({ coordinate, sloppy, hints }) => coordinate === "client" && (sloppy !== null || hints !== null),
  },
  {
    field: "answer",
    wrong: "a client has no replica of its own",
    right: 'use "any", or coordinate "node"',
    meet: ({ coordinate, answer }) => coordinate === "client" && answer === "own-replica",
  },
];

/** Refuses settings that do not go together. @throws KeyspaceError */
export function checkTogether(keyspace: Keyspace, given: Fields, path: string): void {
  const clash = clashes.find(({ meet }) => meet(keyspace, given));
  if (clash !== undefined) throw new KeyspaceError(`${path}.${clash.field}`, clash.wrong, clash.right);
}
