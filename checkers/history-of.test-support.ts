import type { History, HistoryHeader, Phase } from "../harness/history/history.ts";
import type { CompletionFacts, InvocationFacts } from "../harness/history/recorder.ts";
import { HistoryRecorder } from "../harness/history/recorder.ts";
import type { HistoryValue } from "../harness/history/values.ts";

/** An operation of a hand-written history; each tick is an event and a millisecond. */
export interface Deed {
  readonly f: "read" | "write" | "delete" | "cas" | "add" | "remove" | "increment";
  /** Written, expected and new, or read. */
  readonly value?: HistoryValue;
  readonly from: number;
  /** Null: never answered. */
  readonly to: number | null;
  readonly type?: "ok" | "fail" | "info";
  readonly key?: string;
  readonly process?: number | string;
  readonly session?: string;
  readonly error?: string;
  readonly r?: number;
  readonly w?: number;
  /** Of a read: the context that it returned; of anything else: the one that it carried. */
  readonly context?: string;
  /** Of anything but a read: the context that came with its answer. */
  readonly returns?: string;
  /** What a read returned where there were several values. */
  readonly siblings?: readonly HistoryValue[];
}

/** What a hand-written history has besides operations. */
export interface Scene {
  readonly header?: HistoryHeader;
  readonly phases?: readonly { readonly at: number; readonly phase: Phase }[];
  readonly dumps?: readonly {
    readonly at: number;
    readonly node: string;
    readonly holds: HistoryValue;
    readonly key?: string;
  }[];
}

/** A history out of operations with the ticks of their events. Ticks must differ. */
export function historyOf(deeds: readonly Deed[], scene: Scene = {}): History {
  const recorder = new HistoryRecorder(scene.header ?? {});
  const rows = new Map<number, number>();
  const events: { at: number; happen: (timeNs: number) => void }[] = [];
  deeds.forEach((deed, number) => {
    const { key = "x", process = number, from, to } = deed;
    const invoke = (timeNs: number): void => {
      rows.set(number, recorder.invoke(timeNs, { process, key, ...askedBy(deed) }));
    };
    events.push({ at: from, happen: invoke });
    if (to === null) return;
    const completion = answerTo(deed);
    events.push({
      at: to,
      happen: (timeNs) => recorder.complete(rows.get(number) ?? -1, timeNs, completion),
    });
  });
  for (const { at, phase } of scene.phases ?? [])
    events.push({ at, happen: (timeNs) => recorder.phase(timeNs, phase) });
  for (const { at, node, holds, key = "x" } of scene.dumps ?? []) {
    const entries = [{ key, values: [{ value: holds, version: "v", deleted: holds === null }] }];
    events.push({ at, happen: (timeNs) => recorder.dump(timeNs, node, "", entries) });
  }
  for (const { at, happen } of events.sort((a, b) => a.at - b.at)) happen(at * 1e6);
  return recorder.finish();
}

/** What is known of a deed when it is invoked. */
function askedBy({
  f,
  value = null,
  context,
  r,
  w,
  session,
}: Deed): Omit<InvocationFacts, "process" | "key"> {
  const quorums = { ...(r === undefined ? {} : { r }), ...(w === undefined ? {} : { w }) };
  const sent = f === "read" || context === undefined ? {} : { context };
  const within = session === undefined ? {} : { session };
  return { f, value: f === "read" ? null : value, ...quorums, ...sent, ...within };
}

function answerTo({
  f,
  type = "ok",
  value = null,
  error,
  context,
  returns,
  siblings,
}: Deed): CompletionFacts {
  const carried = f === "read" ? context : returns;
  const returned = carried === undefined ? {} : { context: carried };
  const several = siblings === undefined ? {} : { siblings };
  return { type, value, ...(error === undefined ? {} : { error }), ...returned, ...several };
}
