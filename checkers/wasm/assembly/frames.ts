/** Choices that were made, and can be taken back: a stack of frames in pieces, each linked to the one before it. */
import { allocate } from "./memory";
import { candidateAt, candidateCount } from "./candidates";
import { event, goBack, saveMasks, state } from "./configuration";
import { words } from "./events";
import { logLength } from "./log";

/** A piece of the stack; the first words link to the next piece and say where this one ends. Chosen. */
const pieceBytes: u32 = 1 << 16;
/** Frame before it, its piece, event, state, length of the log, candidates left, flag; masks and candidates follow. */
const headBytes: u32 = 28;

let first: u32 = 0;
let piece: u32 = 0;
let free: u32 = 0;
/** The choice that was made last, or 0. */
export let frame: u32 = 0;

export function emptyFrames(): void {
  first = 0;
  piece = 0;
  free = 0;
  frame = 0;
}

/** Remembers where we are and the candidates but the first, which is about to be taken. */
export function pushFrame(needsCas: bool): bool {
  const left = candidateCount - 1;
  const bytes = headBytes + (words << 4) + (left << 2);
  const at = room(bytes);
  if (at == 0) return false;
  store<u32>(at, frame);
  store<u32>(at, piece, 4);
  store<u32>(at, event, 8);
  store<i32>(at, state, 12);
  store<u32>(at, logLength, 16);
  store<u32>(at, left, 20);
  store<u32>(at, u32(needsCas), 24);
  saveMasks(at + headBytes);
  const list = at + headBytes + (words << 4);
  // Backwards, so that the next one is the last of those left.
  for (let place: u32 = 0; place < left; place++) store<u32>(list + (place << 2), candidateAt(left - place));
  frame = at;
  free = at + bytes;
  return true;
}

function room(bytes: u32): u32 {
  if (piece != 0 && free + bytes <= load<u32>(piece, 4)) return free;
  let next = piece == 0 ? first : load<u32>(piece);
  if (next == 0 || next + 8 + bytes > load<u32>(next, 4)) {
    const size = max(pieceBytes, bytes + 8);
    const made = allocate(size);
    if (made == 0) return 0;
    store<u32>(made, next);
    store<u32>(made, made + size, 4);
    if (piece == 0) first = made;
    else store<u32>(piece, made);
    next = made;
  }
  piece = next;
  free = next + 8;
  return free;
}

/** Back to where the last choice was made. */
export function returnToFrame(): void {
  goBack(load<u32>(frame, 8), load<i32>(frame, 12), load<u32>(frame, 16), frame + headBytes);
}

@inline export function frameNeedsCas(): bool { return load<u32>(frame, 24) != 0; }
@inline export function frameLength(): u32 { return load<u32>(frame, 16); }
@inline export function hasMore(): bool { return load<u32>(frame, 20) != 0; }

export function nextCandidate(): u32 {
  const left = load<u32>(frame, 20) - 1;
  store<u32>(frame, left, 20);
  return load<u32>(frame + headBytes + (words << 4) + (left << 2));
}

export function popFrame(): void {
  free = frame;
  piece = load<u32>(frame, 4);
  frame = load<u32>(frame);
}
