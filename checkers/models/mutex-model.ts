import type { Model } from "./model.ts";

/** A lock that one holds at a time. It doesn't ask who: whoever knows the lock may release it. */
export const mutexModel: Model<"free" | "held"> = {
  name: "mutex",
  partition: "key",
  initial: "free",
  functions: ["acquire", "release"],
  step(state, { f }) {
    if (f === "acquire") return state === "free" ? "held" : null;
    return state === "held" ? "free" : null;
  },
};
