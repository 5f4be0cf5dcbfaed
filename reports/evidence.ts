import type { Scenario } from "../harness/contracts/scenario.ts";
import type { TraceEvent } from "../harness/contracts/trace.ts";
import type { History } from "../harness/history/history.ts";

/** What a counterexample's page is drawn from: the contents of its folder. */
export interface Evidence {
  readonly scenario: Scenario;
  /** The plan before shrinking. */
  readonly original: Scenario;
  readonly history: History;
  /** Empty where the target has none (containers, other people's stores). */
  readonly trace: readonly TraceEvent[];
  /** Name of the same schedule's simulated counterexample, where one is in the same report. */
  readonly twin?: string;
}

export type MessageEvent = Extract<TraceEvent, { kind: "message" }>;
export type ClientEvent = Extract<TraceEvent, { kind: "client" }>;
export type NoteEvent = Extract<TraceEvent, { kind: "note" }>;
export type ProcessEvent = Extract<TraceEvent, { kind: "process" }>;
