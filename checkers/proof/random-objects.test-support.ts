import type { History } from "../../harness/history/history.ts";
import { never } from "../../harness/history/history.ts";
import { HistoryRecorder } from "../../harness/history/recorder.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import { Dice } from "./dice.test-support.ts";
import type { Played } from "./stage.test-support.ts";
import { Stage } from "./stage.test-support.ts";

/** Objects other than registers that random histories are drawn of. */
export type RandomObject = "kv" | "set" | "queue";

interface Call {
  readonly f: string;
  readonly value: HistoryValue;
}

/** A correct object in a few lines, of its own: the models that are proved have no part in it. */
interface Rules {
  draw(dice: Dice): Call;
  /** What it answers, and how it goes on. */
  answer(
    state: readonly string[],
    call: Call,
  ): { readonly state: readonly string[]; readonly value: HistoryValue };
}

const letters = ["a", "b", "ab"];

const rules: Readonly<Record<RandomObject, Rules>> = {
  kv: {
    draw: (dice) => {
      const f = dice.pick(["get", "get", "put", "append"]);
      return { f, value: f === "get" ? null : dice.pick(letters) };
    },
    answer: (state, { f, value }) => {
      if (f === "get") return { state, value: state.join("") };
      return { state: f === "put" ? [String(value)] : [...state, String(value)], value };
    },
  },
  set: {
    draw: (dice) => {
      const f = dice.pick(["read", "read", "add", "remove"]);
      return { f, value: f === "read" ? null : dice.pick(letters) };
    },
    answer: (state, { f, value }) => {
      if (f === "read") return { state, value: [...state] };
      const others = state.filter((element) => element !== value);
      return { state: f === "add" ? [...others, String(value)] : others, value };
    },
  },
  queue: {
    draw: (dice) => {
      const f = dice.pick(["enqueue", "dequeue"]);
      return { f, value: f === "dequeue" ? null : dice.pick(letters) };
    },
    answer: (state, { f, value }) => {
      if (f === "enqueue") return { state: [...state, String(value)], value };
      return { state: state.slice(1), value: state[0] ?? null };
    },
  },
};

/** Functions whose answers say something of the object. */
const asking = ["get", "read", "dequeue"];

/** A history of a correct object of one or two keys, in which some answers may have been changed. */
export function randomObject(kind: RandomObject, seed: number): History {
  const dice = new Dice(seed);
  const parts = Array.from({ length: 1 + dice.below(2) }, () => {
    const played = playObject(rules[kind], dice);
    for (let lie = dice.pick([0, 1, 1, 2]); lie > 0; lie -= 1) changeAnswer(played, dice);
    return played;
  });
  return historyOfCalls(parts);
}

function playObject({ draw, answer }: Rules, dice: Dice): Played<Call, HistoryValue>[] {
  let state: readonly string[] = [];
  const cast = {
    clients: 1 + dice.below(6),
    operations: 3 + dice.below(dice.pick([8, 20])),
    unknown: dice.pick([0, 8]),
  };
  const player = {
    draw: () => draw(dice),
    answer: (call: Call): HistoryValue => {
      const next = answer(state, call);
      state = next.state;
      return next.value;
    },
  };
  return new Stage(cast, dice, player).play();
}

function changeAnswer(played: Played<Call, HistoryValue>[], dice: Dice): void {
  const answers = played.filter(({ asked, to }) => asking.includes(asked.f) && to !== never);
  if (answers.length < 2) return;
  const changed = dice.pick(answers);
  played[played.indexOf(changed)] = { ...changed, answered: dice.pick(answers).answered };
}

interface Event {
  readonly at: number;
  happen(timeNs: number): void;
}

/** Parts side by side, each of them a key. */
function historyOfCalls(parts: readonly (readonly Played<Call, HistoryValue>[])[]): History {
  const recorder = new HistoryRecorder({});
  const events = parts.flatMap((part, key) =>
    part.flatMap((played, at) => {
      const process = at * parts.length + key;
      return eventsOf(recorder, played, process, `k${key}`).map(({ at: place, happen }) => ({
        at: place * parts.length + key,
        happen,
      }));
    }),
  );
  for (const { at, happen } of events.sort((one, other) => one.at - other.at)) happen(at * 1_000_000);
  return recorder.finish();
}

function eventsOf(
  recorder: HistoryRecorder,
  { asked, answered, from, to, toldAt }: Played<Call, HistoryValue>,
  process: number,
  key: string,
): Event[] {
  const type = to === never ? "info" : "ok";
  let row = -1;
  const begin: Event = {
    at: from,
    happen: (timeNs) => {
      row = recorder.invoke(timeNs, { process, key, ...asked });
    },
  };
  const endsAt = to === never ? toldAt : to;
  if (endsAt === null) return [begin];
  return [
    begin,
    { at: endsAt, happen: (timeNs) => recorder.complete(row, timeNs, { type, value: answered ?? null }) },
  ];
}
