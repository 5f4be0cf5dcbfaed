import type { NotedVersion, Notes } from "../../store/core/runtime.ts";
import type { TraceListener } from "../contracts/trace.ts";
import type { HistoryValue } from "../history/values.ts";
import { parsedValue } from "./values.ts";
import type { World } from "./world.ts";

/** Passes a store's notes on to the trace, with the time and the node. */
export function notesFor(world: World, node: string, trace: TraceListener): Notes {
  return {
    note(what, keyspace, key, subject, holds, cause) {
      trace({
        kind: "note",
        atUs: world.nowUs,
        node,
        what,
        keyspace,
        key,
        ...translated(subject),
        holds: holds === null ? null : translated(holds),
        cause: world.operationOf(cause),
      });
    },
  };
}

function translated(noted: NotedVersion): { value: HistoryValue; version: string; deleted: boolean } {
  const value = noted.value === null ? null : parsedValue(noted.value);
  return { value, version: noted.version, deleted: noted.deleted };
}
