/** Candidates of a model's key: whatever is legal and changes the state, one of each class. */
import { absorbed, addCandidate, addEarliest, clearCandidates, hasLike } from "./candidates";
import { demandOf } from "./columns";
import { availableWord, isOwed, operationIn, state } from "./configuration";
import { words } from "./events";
import { demandOfKind, isAvailable, kindIn, kindSlots, oldestOf } from "./kinds";
import { stateAfter } from "./transitions";

export function gatherOfModel(due: i32): void {
  clearCandidates();
  if (!isOwed(due)) addCandidate(due | absorbed);
  if (movesOn(demandOf(due))) addCandidate(due);
  for (let word: u32 = 0; word < words; word++) {
    let bits = availableWord(word);
    while (bits != 0) {
      const op = operationIn((word << 6) | u32(ctz(bits)));
      bits &= bits - 1;
      if (op != due && movesOn(demandOf(op))) addEarliest(op);
    }
  }
  for (let slot = 0; slot < kindSlots; slot++) {
    const kind = kindIn(slot);
    if (kind < 0 || !isAvailable(kind)) continue;
    const operationClass = demandOfKind(kind);
    if (movesOn(operationClass) && !hasLike(operationClass, 0)) addCandidate(oldestOf(kind));
  }
}

function movesOn(operationClass: i32): bool {
  const next = stateAfter(state, operationClass);
  return next >= 0 && next != state;
}
