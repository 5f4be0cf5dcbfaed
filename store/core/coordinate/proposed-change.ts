import { answeredRead, answeredWrite, failed } from "../replies.ts";
import type { ClientReply, ClientRequest } from "../request.ts";
import type { State, Version, Versioning } from "../versions/version.ts";
import { headOf, only } from "../versions/version.ts";

/** Characters of a value that an error message shows. Chosen, because values may have a million. */
const shownCharacters = 40;

/** What a request makes of a register, and what the client hears once that is decided. */
export interface ProposedChange {
  readonly state: State;
  readonly reply: ClientReply;
}

/**
 * Changes a register under a ballot. A get, and a cas that expects something else, leave the value as it is;
 * they still give it the ballot, so that what they have seen is what every later ballot sees.
 */
export function proposedChange(
  request: ClientRequest,
  versioning: Versioning,
  accepted: State,
  compared: State,
  ballot: Version,
): ProposedChange {
  const { f, value } = request;
  const mismatch = f === "cas" ? mismatchOf(request, compared) : null;
  const isRead = f === "get" || mismatch !== null;
  const next = f === "delete" ? null : isRead ? liveValue(accepted) : value;
  const state = only({ version: ballot, value: next, deleted: next === null });
  if (mismatch !== null) return { state, reply: mismatch };
  return { state, reply: isRead ? answeredRead(versioning, state) : answeredWrite(state) };
}

/** The reply to a compare-and-set that expects something else than there is; null where it may go on. */
export function mismatchOf({ expected = null }: ClientRequest, known: State): ClientReply | null {
  const found = liveValue(known);
  if (found === expected) return null;
  const text = `expected ${shown(expected)}, but the key holds ${shown(found)}; read it again`;
  return failed("CasMismatch", text, 0, 0, false);
}

function liveValue(state: State): string | null {
  const head = headOf(state);
  return head === null || head.deleted ? null : head.value;
}

function shown(value: string | null): string {
  if (value === null) return "no value";
  const isLong = value.length > shownCharacters;
  return isLong ? `${value.slice(0, shownCharacters)}…` : value;
}
