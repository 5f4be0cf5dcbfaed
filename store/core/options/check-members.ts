import type { NodeMember } from "../membership/membership-state.ts";
import type { Keyspace } from "./keyspace.ts";
import { KeyspaceError } from "./keyspace-error.ts";

/**
 * Refuses keyspaces that the nodes cannot hold. Returns the node's data centre. One that is to join is not
 * among the members yet, and says itself where it stands. @throws KeyspaceError
 */
export function checkMembers(
  id: string,
  keyspaces: readonly Keyspace[],
  members: readonly NodeMember[],
  joiningDc: string | null = null,
): string {
  const dc = members.find((member) => member.id === id)?.dc ?? joiningDc;
  if (dc === null) {
    const right = "name it; a node that is to join a cluster is given its data centre instead";
    throw new KeyspaceError("members", `"${id}" is not among them`, right);
  }
  checkRooms(keyspaces, members);
  return dc;
}

/** Refuses a client that is called like a node, and keyspaces that the nodes cannot hold. @throws KeyspaceError */
export function checkClient(
  id: string,
  keyspaces: readonly Keyspace[],
  members: readonly NodeMember[],
): void {
  if (members.some((member) => member.id === id)) {
    throw new KeyspaceError("members", `"${id}" is a node`, "give the client a name of its own");
  }
  checkRooms(keyspaces, members);
}

/** Why nodes cannot hold the keyspaces; null where they can. */
export function roomProblem(keyspaces: readonly Keyspace[], members: readonly NodeMember[]): string | null {
  for (const { name, n, replicas } of keyspaces) {
    const problem = roomErrorOf(n, replicas, members, `keyspace "${name}"`);
    if (problem !== null) return problem.message;
  }
  return null;
}

function checkRooms(keyspaces: readonly Keyspace[], members: readonly NodeMember[]): void {
  for (const [index, { n, replicas }] of keyspaces.entries()) {
    const problem = roomErrorOf(n, replicas, members, `keyspaces[${index}]`);
    if (problem !== null) throw problem;
  }
}

function roomErrorOf(
  n: number,
  replicas: Keyspace["replicas"],
  members: readonly NodeMember[],
  path: string,
): KeyspaceError | null {
  if (n > members.length) {
    const wrong = `${n} replicas do not fit on ${members.length} nodes`;
    return new KeyspaceError(`${path}.n`, wrong, `give at most ${members.length}`);
  }
  for (const dc of Object.keys(replicas ?? {})) {
    const there = members.filter((member) => member.dc === dc).length;
    const wanted = replicas?.[dc] ?? 0;
    if (wanted <= there) continue;
    const wrong = `${wanted} replicas do not fit on the ${there} nodes of ${dc}`;
    return new KeyspaceError(`${path}.replicas.${dc}`, wrong, `give at most ${there}`);
  }
  return null;
}
