import { present } from "../../harness/base/invariant.ts";
import type { Scenario } from "../../harness/contracts/scenario.ts";
import type { Evidence, NoteEvent } from "../evidence.ts";

/** What a replica held when a read came to it. */
export interface StoryLook {
  readonly op: number;
  readonly node: string;
  readonly atUs: number;
  readonly held: NoteEvent["holds"];
}

/** By the order of the trace: a read and a store of one microsecond still come one after the other. */
export function looksOf(evidence: Evidence, notes: readonly NoteEvent[]): StoryLook[] {
  const { trace } = evidence;
  const holds = new Map<string, NoteEvent["holds"]>();
  const looks: StoryLook[] = [];
  const look = (op: number, node: string, atUs: number): void => {
    looks.push({ op, node, atUs, held: holds.get(node) ?? null });
  };
  for (const event of trace) {
    if (event.kind === "note" && notes.includes(event) && event.holds !== null)
      holds.set(event.node, event.holds);
    else if (event.kind === "message" && event.message === "readRequest" && event.arrivesUs !== null) {
      look(event.cause, event.to, event.arrivesUs);
    }
  }
  return [...looks, ...ownLooks(evidence, notes)];
}

/** A coordinator that is a replica looks at its own copy when it is asked; trace lines of clients come early. */
function ownLooks({ trace, scenario }: Evidence, notes: readonly NoteEvent[]): StoryLook[] {
  return trace.flatMap((event) => {
    if (event.kind !== "client" || event.direction !== "request" || event.arrivesUs === null) return [];
    const { op, node, arrivesUs: atUs } = event;
    const own = notes.filter((note) => note.node === node && note.holds !== null && note.atUs < atUs);
    return isReplica(scenario, notes, node) ? [{ op, node, atUs, held: own.at(-1)?.holds ?? null }] : [];
  });
}

/** Every node is a replica unless there are more nodes than copies; then those that decided about the key. */
export function isReplica(scenario: Scenario, notes: readonly NoteEvent[], node: string): boolean {
  const { n: copies } = present(scenario.keyspaces[0], "the keyspace");
  if (copies === scenario.nodes.length) return true;
  return notes.some((note) => note.node === node && note.holds !== null);
}
