/** A fault that is planted in the search: its text in one of the sources is replaced. */
export interface AssemblyMutant {
  /** In `checkers/wasm/assembly`. */
  readonly file: string;
  /** Must be there exactly once. */
  readonly find: string;
  readonly replace: string;
  /** What is wrong then. */
  readonly wrong: string;
}

/** Faults that the comparison with brute force must find, all of them. */
export const assemblyMutants: readonly AssemblyMutant[] = [
  {
    file: "search.ts",
    find: "needsCas = !explainsSome && i32(candidate)",
    replace: "needsCas = i32(candidate)",
    wrong: "a cas is demanded even after a write that explained a read",
  },
  {
    file: "search.ts",
    find: "if (isDead(needsCas)) return backtrack();",
    replace: "if (isDead(needsCas)) return illegal;",
    wrong: "one dead end is taken for the end of all",
  },
  {
    file: "configuration.ts",
    find: "-2 - demand != state)",
    replace: "-2 - demand == state)",
    wrong: "a refused cas is taken where the value that it refuses is there",
  },
  {
    file: "configuration.ts",
    find: "  state = toState;\n",
    replace: "",
    wrong: "going back keeps the state of what was taken back",
  },
  {
    file: "configuration.ts",
    find: "    if (kind >= 0) revive(kind);\n",
    replace: "",
    wrong: "going back leaves writes of unknown outcome expired",
  },
  {
    file: "configuration.ts",
    find: "    if (!isModel) countOnce(op, 1);\n",
    replace: "",
    wrong: "going back does not count again what is needed and who could bring it",
  },
  {
    file: "configuration.ts",
    find: "return isPlain(op) && effectOf(op) == state;",
    replace: "return effectOf(op) == state;",
    wrong: "a cas to the value that is there passes for one that changes nothing",
  },
  {
    file: "configuration.ts",
    find: "  setMark(op, before);\n",
    replace: "  setMark(op, 0);\n",
    wrong: "what can be put somewhere for nothing is put at the start of the order",
  },
  {
    file: "configuration.ts",
    find: "return settle(isPlain(op) ? place : -1);",
    replace: "return settle(place);",
    wrong: "writes are hidden before a cas, which would meet them",
  },
  {
    file: "configuration.ts",
    find: "} else if (place >= 0 && isPlain(op)) makeOptional(op, place);",
    replace: "} else if (place >= 0) makeOptional(op, place);",
    wrong: "a cas or a read is hidden before a write as if it needed nothing",
  },
  {
    file: "configuration.ts",
    find: "needsLeft(value) == 0 && refusalsLeft == 0 && lastNeed(value) != never",
    replace: "needsLeft(value) == 0 && lastNeed(value) != never",
    wrong: "a value is thrown away that would explain a refusal",
  },
  {
    file: "configuration.ts",
    find: "refusalsLeft == 0 && lastNeed(value) != never",
    replace: "refusalsLeft == 0",
    wrong: "a value is thrown away that a cas of unknown outcome could have met",
  },
  {
    file: "configuration.ts",
    find: "else if (isAvailable(slotOf(op))) return op;",
    replace: "else if (isOwed(op)) return op;",
    wrong: "what could be had for nothing is left out of the order",
  },
  {
    file: "dead.ts",
    find: "if ((load<u64>(at) & ~owedWord(word)) != 0) return false;",
    replace: "if ((owedWord(word) & ~load<u64>(at)) != 0) return false;",
    wrong: "a dead end that owes more is taken for one that is as good",
  },
  {
    file: "dead.ts",
    find: "if ((availableWord(word) & ~load<u64>(at, 8)) != 0) return false;",
    replace: "",
    wrong: "a dead end that had fewer operations left is taken for one that is as good",
  },
  {
    file: "dead.ts",
    find: "load<i32>(at) > usedOf(kind)",
    replace: "load<i32>(at) < usedOf(kind)",
    wrong: "a dead end that had used more writes of unknown outcome is taken for one that is as good",
  },
  {
    file: "dead.ts",
    find: "return (u32(state) << 1) | u32(needsCas);",
    replace: "return u32(needsCas);",
    wrong: "dead ends of different states are mixed up",
  },
  {
    file: "events.ts",
    find: "return place == lastNeed(demand) && lastRefusal < place ? kind : -1;",
    replace: "return place == lastNeed(demand) ? kind : -1;",
    wrong: "writes of unknown outcome expire though a refusal may have met them",
  },
  {
    file: "events.ts",
    find: "if (at < returnOf(inHeap(child))) break;",
    replace: "if (at > returnOf(inHeap(child))) break;",
    wrong: "returns come in a wrong order",
  },
  {
    file: "frames.ts",
    find: "store<u32>(at, left, 20);",
    replace: "store<u32>(at, max(left, 1) - 1, 20);",
    wrong: "the second candidate of a choice is never tried",
  },
  {
    file: "frames.ts",
    find: "return load<u32>(frame, 20) != 0;",
    replace: "return load<u32>(frame, 20) > 1;",
    wrong: "the last candidate of a choice is never tried",
  },
  {
    file: "kinds.ts",
    find: "return usedOf(kind) < calledOf(kind);",
    replace: "return usedOf(kind) == 0;",
    wrong: "of equal operations of unknown outcome only one can take effect",
  },
  {
    file: "kinds.ts",
    find: "store<i32>(at, load<i32>(at, 12) - 1, 12);",
    replace: "",
    wrong: "going back does not give back an operation of unknown outcome",
  },
  {
    file: "candidates.ts",
    find: "else if (returnOf(op) < returnOf(candidateAt(like)))",
    replace: "else if (returnOf(op) > returnOf(candidateAt(like)))",
    wrong: "of equal operations the one that returns last is tried",
  },
  {
    file: "register-candidates.ts",
    find: " || writersLeft(state) > 0;\n  if (!needsCas",
    replace: ";\n  if (!needsCas",
    wrong: "a value that is needed once more is kept, though somebody writes it again",
  },
  {
    file: "register-candidates.ts",
    find: "|| needsLeft(state) <= 1 || writersLeft(state) > 0;",
    replace: "|| needsLeft(state) == 0 || writersLeft(state) > 0;",
    wrong: "a cas may not replace the value that only it needs",
  },
  {
    file: "register-candidates.ts",
    find: "else if (demand < -1) someRefused = true;",
    replace: "",
    wrong: "nothing is written for the sake of a refusal",
  },
  {
    file: "register-candidates.ts",
    find: "if (!isLastHope) addCandidate(due | absorbed);",
    replace: "",
    wrong: "what could be had for nothing is never had so",
  },
  {
    file: "register-candidates.ts",
    find: "const isLegal = demand < 0 ? !needsCas : demand == state;",
    replace: "const isLegal = demand < 0 ? !needsCas : true;",
    wrong: "a cas of unknown outcome takes effect in any state",
  },
  {
    file: "prepare-register.ts",
    find: "if (max(lastNeed(effect), lastRefusal) < call) {",
    replace: "if (lastNeed(effect) < call) {",
    wrong: "writes of unknown outcome are dropped though a refusal may have met them",
  },
  {
    file: "prepare-register.ts",
    find: "if (place > lastNeed(demand)) setLastNeed(demand, place);",
    replace: "setLastNeed(demand, place);",
    wrong: "a value counts as needed no longer than by the last one that began",
  },
  {
    file: "model-candidates.ts",
    find: "if (!isOwed(due)) addCandidate(due | absorbed);",
    replace: "",
    wrong: "an operation of a model that could be had for nothing is never had so",
  },
  {
    file: "transitions.ts",
    find: "store<i32>(at, next, 8);",
    replace: "store<i32>(at, state, 8);",
    wrong: "an operation of a model changes the state only the first time",
  },
  {
    file: "partials.ts",
    find: "if (load<u32>(fact(which), 8) > length) store<u32>(fact(which), length, 8);",
    replace: "",
    wrong: "the longest order keeps entries of one that was taken back",
  },
];
