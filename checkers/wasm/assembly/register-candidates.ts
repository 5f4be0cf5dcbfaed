/** Candidates of a register's key. */
import { absorbed, addCandidate, addEarliest, clearCandidates, hasLike, preferState } from "./candidates";
import { demandOf, effectOf, isPlain } from "./columns";
import { availableWord, event, isOwed, isUseless, operationIn, owedWord, state } from "./configuration";
import { eventAt, eventCount, words } from "./events";
import { demandOfKind, effectOfKind, isAvailable, kindIn, kindSlots, oldestOf, someNeed } from "./kinds";
import { kindOfValue, needsLeft, setWanted, wantedAt, writersLeft } from "./values";

/** Calls that are looked at to guess which state is needed next. Chosen: more cost more than they save. */
const lookAhead: i32 = 8;

/** Number of the present look-around, for `wantedAt`. */
let round: i32 = 0;
/** Whether a refusal is open: any other state would explain it. */
let someRefused: bool = false;
/** Whether a write of the value that is there would be of use: before a cas, it makes an owed write optional. */
let needsCover: bool = false;

/** Whether a state is kept that is needed later: else it is found out at the return of who needs it. */
let foresight: bool = true;

export function beginRounds(withForesight: bool): void {
  round = 0;
  foresight = withForesight;
}

/**
 * Rules, beside those of candidates.ts:
 * - a state that answered operations still need, and nobody could bring back, is not left;
 * - a write other than `due` is only taken when an open operation is explained by it at once: else the order
 *   without it, where it is put before the next plain write instead (absorbed), is as good;
 * - a write of the value that is there, other than `due`, explains nothing, but owed writes can be put before it.
 *   The next plain write would do as well, so it is only taken before a cas;
 * - `needsCas`: the write before this one was taken for a cas, so a cas must be next.
 */
export function gatherOfRegister(due: i32, needsCas: bool): void {
  clearCandidates();
  const mayLeave = !foresight || needsLeft(state) == 0 || writersLeft(state) > 0;
  if (!needsCas && offerDue(due, mayLeave)) return;
  noteWanted(due);
  for (let word: u32 = 0; word < words; word++) {
    let bits = availableWord(word);
    while (bits != 0) {
      const op = operationIn((word << 6) | u32(ctz(bits)));
      bits &= bits - 1;
      if (isPlain(op)) {
        if (op != due && !needsCas && mayWrite(effectOf(op), mayLeave)) addEarliest(op);
      } else if (demandOf(op) == state && effectOf(op) >= 0 && mayLeaveByCas()) addEarliest(op);
    }
  }
  offerKinds(mayLeave, needsCas);
  preferState(stateAhead(due), state);
}

/** A cas that returned is one of those who need the state, and it is explained by being taken. */
@inline function mayLeaveByCas(): bool { return !foresight || needsLeft(state) <= 1 || writersLeft(state) > 0; }

/** Offers a write that is about to return. True where nothing else can be better. */
function offerDue(due: i32, mayLeave: bool): bool {
  if (!isPlain(due)) return false;
  const value = effectOf(due);
  if (value == state) {
    // It changes nothing, and whatever else is owed can be put before it: better than to have had it for nothing.
    addCandidate(due);
    return isUseless(value);
  }
  if (!isOwed(due)) {
    const isLastHope = foresight && needsLeft(value) > 0 && writersLeft(value) == 1;
    if (!isLastHope) addCandidate(due | absorbed);
    // Nobody needs its value, so to have had it for nothing is best.
    if (isUseless(value)) return true;
  }
  if (mayLeave) addCandidate(due);
  return false;
}

/** Notes what open operations need: answered ones, and cas of unknown outcome. */
function noteWanted(due: i32): void {
  round++;
  someRefused = false;
  needsCover = false;
  for (let word: u32 = 0; word < words; word++) {
    let bits = owedWord(word);
    while (bits != 0) {
      const op = operationIn((word << 6) | u32(ctz(bits)));
      const demand = demandOf(op);
      bits &= bits - 1;
      if (demand >= 0) setWanted(demand, round);
      else if (demand < -1) someRefused = true;
      else if (op != due) needsCover = true;
    }
  }
  needsCover = needsCover && (someNeed || wantedAt(state) == round);
  if (!someNeed) return;
  for (let slot = 0; slot < kindSlots; slot++) {
    const kind = kindIn(slot);
    if (kind >= 0 && demandOfKind(kind) >= 0 && isAvailable(kind)) setWanted(demandOfKind(kind), round);
  }
}

/** Whether an open operation could be explained at once if the value were written, or a cas after it. */
@inline function explains(value: i32): bool {
  return value == state ? needsCover : someRefused || wantedAt(value) == round;
}

@inline function mayWrite(value: i32, mayLeave: bool): bool {
  return (mayLeave || value == state) && explains(value);
}

/**
 * Offers what never returned, one of each kind. Owed operations stand for the values that are wanted, so the
 * kinds are only gone through where a cas or a refusal is open.
 */
function offerKinds(mayLeave: bool, needsCas: bool): void {
  if (someNeed || someRefused) {
    for (let slot = 0; slot < kindSlots; slot++) {
      const kind = kindIn(slot);
      if (kind >= 0) offerKind(kind, mayLeave, needsCas);
    }
    return;
  }
  if (kindSlots == 0) return;
  for (let word: u32 = 0; word < words; word++) {
    let bits = owedWord(word);
    while (bits != 0) {
      const demand = demandOf(operationIn((word << 6) | u32(ctz(bits))));
      bits &= bits - 1;
      if (demand < 0) continue;
      const kind = kindOfValue(demand);
      if (kind >= 0) offerKind(kind, mayLeave, needsCas);
    }
  }
}

function offerKind(kind: i32, mayLeave: bool, needsCas: bool): void {
  if (!isAvailable(kind)) return;
  const demand = demandOfKind(kind);
  const isLegal = demand < 0 ? !needsCas : demand == state;
  const effect = effectOfKind(kind);
  if (isLegal && mayWrite(effect, mayLeave) && !hasLike(demand, effect)) addCandidate(oldestOf(kind));
}

/** The state that seems to be needed next: of `due` itself, or of the next call that needs one. */
function stateAhead(due: i32): i32 {
  if (demandOf(due) >= 0) return demandOf(due);
  let left = lookAhead;
  for (let place = event; place < eventCount && left > 0; place++) {
    const next = eventAt(place);
    if ((next & 1) != 0) continue;
    const demand = demandOf(next >> 1);
    if (demand >= 0) return demand;
    left--;
  }
  return -1;
}
