import { present } from "../harness/base/invariant.ts";
import type { Checker } from "../harness/contracts/checker.ts";
import type { History } from "../harness/history/history.ts";
import { never } from "../harness/history/history.ts";
import { checkerNamed } from "./checker-named.ts";
import { finalIndex } from "./final-state.ts";
import type { HistoryModel } from "./model-names.ts";

export type { HistoryModel } from "./model-names.ts";
export { historyModels } from "./model-names.ts";

/** What judging by a model means. */
export interface JudgedModel {
  /** The functions that a history of it may have. */
  readonly functions: readonly string[];
  /** Name of the checker that says valid or unknown for the whole. */
  readonly decides: string;
  /** Names of checkers whose anomalies count as well. */
  readonly also: readonly string[];
}

const register = ["read", "write", "delete"];
const growing = ["add", "read"];
const setFunctions = [...growing, "remove", "contains", "delete"];
const queue = ["enqueue", "dequeue"];
/** For objects that promise no more than to agree in the end. */
const atRest = ["convergence"];
const ofRegisters = [
  "regular",
  "read-your-writes",
  "monotonic-reads",
  "monotonic-writes",
  "writes-follow-reads",
  "lost-write",
  "deletes",
  "failed-writes",
  "convergence",
  "staleness",
];

const judgedModels: { readonly [Name in HistoryModel]: JudgedModel } = {
  register: { functions: register, decides: "linearizability", also: ofRegisters },
  "cas-register": {
    functions: [...register, "cas"],
    decides: "linearizability",
    also: [...ofRegisters, "lost-update"],
  },
  "multi-register": {
    functions: ["txn", "read", "write"],
    decides: "multi-register-linearizability",
    also: [],
  },
  set: { functions: setFunctions, decides: "set-linearizability", also: ["linearizable-set"] },
  queue: { functions: queue, decides: "queue-linearizability", also: [] },
  "unordered-queue": { functions: queue, decides: "unordered-queue-linearizability", also: [] },
  mutex: { functions: ["acquire", "release"], decides: "mutex-linearizability", also: [] },
  kv: { functions: ["get", "put", "append"], decides: "kv-linearizability", also: [] },
  counter: {
    functions: ["increment", "decrement", "add", "read"],
    decides: "counter-linearizability",
    also: ["linearizable-counter"],
  },
  siblings: { functions: register, decides: "siblings", also: atRest },
  "set-full": { functions: growing, decides: "set", also: atRest },
  "or-set": { functions: [...growing, "remove", "delete"], decides: "observed-set", also: atRest },
  cart: { functions: [...growing, "remove", "delete"], decides: "observed-set", also: atRest },
  "pn-counter": { functions: ["increment", "read"], decides: "counter", also: atRest },
};

/** What some checkers need of a history before they can say anything: without it they are not even asked. */
const needs: Readonly<Record<string, (history: History) => boolean>> = {
  "read-your-writes": hasSessions,
  "monotonic-reads": hasSessions,
  "monotonic-writes": hasSessions,
  "writes-follow-reads": hasSessions,
  "lost-write": hasRest,
  deletes: hasRest,
  "failed-writes": hasRest,
  convergence: ({ marks }) => marks.some(({ kind }) => kind === "dump"),
};

/** What judging by the model of that name means. */
export function judgedModel(name: HistoryModel): JudgedModel {
  return judgedModels[name];
}

/** The checkers that judge a history by a model: the one that decides first. */
export function checkersFor(history: History, name: HistoryModel): readonly Checker[] {
  const { decides, also } = judgedModels[name];
  const asked = also.filter((checker) => needs[checker]?.(history) !== false);
  return [decides, ...asked].map((checker) => present(checkerNamed(checker), `the checker ${checker}`));
}

function hasSessions({ sessions }: History): boolean {
  return sessions.length > 0;
}

function hasRest(history: History): boolean {
  return finalIndex(history) !== never;
}
