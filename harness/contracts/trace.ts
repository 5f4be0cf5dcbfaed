import type { HistoryValue } from "../history/values.ts";

/** Hears what happens inside a simulated run. Only re-runs for a picture have one; searches do not. */
export type TraceListener = (event: TraceEvent) => void;

/** One line of `trace.jsonl`. Times are true microseconds since the run began. */
export type TraceEvent =
  | {
      readonly kind: "message";
      readonly from: string;
      readonly to: string;
      /** The store's name for it, for example `writeRequest`. */
      readonly message: string;
      /** An operation's id, or a number above `backgroundCauses`. */
      readonly cause: number;
      readonly sentUs: number;
      /** `null` when it never arrived. */
      readonly arrivesUs: number | null;
      readonly fate: "delivered" | "lost" | "cut" | "dead";
      /** What it carries, where it carries a version: "17 @1012". */
      readonly carries: string | null;
    }
  | {
      /** A request or reply between a client's site and a node. */
      readonly kind: "client";
      readonly direction: "request" | "reply";
      readonly op: number;
      readonly site: string;
      readonly node: string;
      readonly sentUs: number;
      readonly arrivesUs: number | null;
    }
  | {
      /** A decision of the store, in its own words. */
      readonly kind: "note";
      readonly atUs: number;
      readonly node: string;
      readonly what: NoteKind;
      readonly keyspace: string;
      readonly key: string;
      /** Value and version that the decision is about; version is text such as "@1012 n1". */
      readonly value: HistoryValue;
      readonly version: string;
      readonly deleted: boolean;
      /** What the replica holds after the step, where that is the point. */
      readonly holds: {
        readonly value: HistoryValue;
        readonly version: string;
        readonly deleted: boolean;
      } | null;
      readonly cause: number;
    }
  | {
      readonly kind: "process";
      readonly atUs: number;
      readonly node: string;
      readonly what: "started" | "killed" | "lost-power" | "paused" | "resumed" | "clock";
      /** The clock's offset after the step. */
      readonly offsetUs: number;
    };

/** What the store says about itself: minted a version, stored, dropped as older, answered, repaired. */
export const noteKinds = [
  "minted",
  "stored",
  "dropped",
  "erased",
  "answered",
  "repaired",
  "recovered",
] as const;
export type NoteKind = (typeof noteKinds)[number];
