import type { NodeMember } from "../membership/membership-state.ts";
import type { Keyspace } from "./keyspace.ts";
import { KeyspaceError } from "./keyspace-error.ts";

/** Refuses keyspaces that the nodes cannot hold. Returns the node's data centre. @throws KeyspaceError */
export function checkMembers(
  id: string,
  keyspaces: readonly Keyspace[],
  members: readonly NodeMember[],
): string {
  const own = members.find((member) => member.id === id);
  if (own === undefined) {
    throw new KeyspaceError("members", `"${id}" is not among them`, "a node is a member of its cluster");
  }
  checkRooms(keyspaces, members);
  return own.dc;
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

function checkRooms(keyspaces: readonly Keyspace[], members: readonly NodeMember[]): void {
  for (const [index, keyspace] of keyspaces.entries()) checkRoom(keyspace, members, `keyspaces[${index}]`);
}

function checkRoom({ n, replicas }: Keyspace, members: readonly NodeMember[], path: string): void {
  if (n > members.length) {
    const wrong = `${n} replicas do not fit on ${members.length} nodes`;
    throw new KeyspaceError(`${path}.n`, wrong, `give at most ${members.length}`);
  }
  for (const dc of Object.keys(replicas ?? {})) {
    const there = members.filter((member) => member.dc === dc).length;
    const wanted = replicas?.[dc] ?? 0;
    if (wanted <= there) continue;
    const wrong = `${wanted} replicas do not fit on the ${there} nodes of ${dc}`;
    throw new KeyspaceError(`${path}.replicas.${dc}`, wrong, `give at most ${there}`);
  }
}
