import { roomProblem } from "../options/check-members.ts";
import type { Keyspace } from "../options/keyspace.ts";
import type { MembershipState, NodeMember } from "./membership-state.ts";
import { isSameList } from "./membership-state.ts";

/** Why a change of membership cannot be, and what would be right; null where it can. */
export function changeProblem(
  own: string,
  state: MembershipState,
  isUnderWay: boolean,
  keyspaces: readonly Keyspace[],
  next: readonly NodeMember[],
  dead: readonly string[],
): string | null {
  return (
    presentProblem(own, state, isUnderWay) ??
    listProblem(state, next) ??
    deadProblem(own, state, next, dead) ??
    roomProblem(keyspaces, next)
  );
}

function presentProblem(own: string, state: MembershipState, isUnderWay: boolean): string | null {
  if (state.phase !== "steady") {
    return `a change led by ${state.leader} is under way, in the phase ${state.phase}; wait until it has ended`;
  }
  if (isUnderWay) return "the last change is not known everywhere; wait until it has ended";
  if (state.members.some(({ id }) => id === own)) return null;
  return `"${own}" is no member of the cluster; ask one that is`;
}

function listProblem({ members }: MembershipState, next: readonly NodeMember[]): string | null {
  if (next.length === 0) return "there are no members; name at least one";
  for (const [place, { id, dc }] of next.entries()) {
    if (id === "") return `members[${place}] has no id; give it one`;
    if (dc === "") return `members[${place}] ("${id}") has no data centre; name it`;
    if (next.findIndex((other) => other.id === id) !== place) return `"${id}" is there twice; name it once`;
  }
  return isSameList(members, next) ? "the members are these already; nothing changes" : null;
}

function deadProblem(
  own: string,
  { members }: MembershipState,
  next: readonly NodeMember[],
  dead: readonly string[],
): string | null {
  for (const id of dead) {
    if (id === own) return `"${id}" is the node that is asked; it is not dead`;
    if (!members.some((member) => member.id === id))
      return `"${id}" is no member; it need not be declared dead`;
    if (next.some((member) => member.id === id)) {
      return `"${id}" is declared dead, and is to be a member; leave it out of the members`;
    }
  }
  return null;
}
