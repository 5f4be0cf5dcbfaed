/** The models that a history file can be judged by, in the order in which they are listed and tried. */
export const historyModels = [
  "register",
  "cas-register",
  "multi-register",
  "set",
  "queue",
  "unordered-queue",
  "mutex",
  "kv",
  "counter",
  "siblings",
  "set-full",
  "or-set",
  "cart",
  "pn-counter",
] as const;
/** One of these models. */
export type HistoryModel = (typeof historyModels)[number];
