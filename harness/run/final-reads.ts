import type { Scenario } from "../contracts/scenario.ts";
import { lastOperationId } from "../contracts/scenario.ts";
import type { Cluster, Invocation } from "../contracts/target.ts";
import type { HistoryRecorder } from "../history/recorder.ts";
import { defaultTimeoutUs } from "./interpreter.ts";

/** Final reads have ids above every planned operation, by what they read: shrinking leaves them as they are. */
export const firstFinalRead: number = lastOperationId + 1;

/** Reads every key of every keyspace through every node (or one) once the cluster has come to rest. */
export function finalReads(
  cluster: Cluster,
  recorder: HistoryRecorder,
  scenario: Scenario,
  done: () => void,
): void {
  const readers = scenario.final === "every-node" ? scenario.nodes : scenario.nodes.slice(0, 1);
  let open = readers.length;
  for (const { id } of readers) {
    const reads = keysOf(scenario).map(({ keyspace, key, site }) => invocation(id, keyspace, key, site));
    readInTurn(cluster, recorder, reads, () => {
      open -= 1;
      if (open === 0) done();
    });
  }
}

function readInTurn(
  cluster: Cluster,
  recorder: HistoryRecorder,
  reads: readonly Invocation[],
  done: () => void,
): void {
  let lives = 0;
  const next = (index: number): void => {
    const read = reads[index];
    if (read === undefined) {
      done();
      return;
    }
    const process = lives === 0 ? read.client : `${read.client}.${lives}`;
    const row = recorder.invoke(cluster.nowNs(), { ...read, process, session: read.client });
    cluster.submit(read, (completion) => {
      recorder.complete(row, cluster.nowNs(), completion);
      if (completion.type === "info") lives += 1;
      next(index + 1);
    });
  };
  next(0);
}

function invocation(node: string, keyspace: string, key: string, site: string): Invocation {
  return {
    op: finalReadId(`${node}/${keyspace}/${key}`),
    attempt: 0,
    client: `final-${node}`,
    site,
    node,
    keyspace,
    key,
    f: "read",
    value: null,
    timeoutUs: defaultTimeoutUs,
  };
}

/** FNV-1a (Fowler, Noll, Vo), folded into the range of final reads. */
function finalReadId(name: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < name.length; index += 1) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193);
  }
  return firstFinalRead + ((hash ^ (hash >>> 15)) & lastOperationId);
}

function keysOf(scenario: Scenario): { keyspace: string; key: string; site: string }[] {
  const seen = new Set<string>();
  const keys: { keyspace: string; key: string; site: string }[] = [];
  for (const { keyspace, key, site } of scenario.operations) {
    const name = JSON.stringify([keyspace, key]);
    if (seen.has(name)) continue;
    seen.add(name);
    keys.push({ keyspace, key, site });
  }
  return keys;
}
