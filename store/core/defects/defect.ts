import type { Policies } from "../policies.ts";

/** A bug that somebody really shipped, planted on purpose: the checkers must be able to catch it. */
export interface Defect {
  readonly name: string;
  /** The real bug that it stands for, in one sentence. */
  readonly standsFor: string;
  readonly policies: Partial<Policies>;
}
