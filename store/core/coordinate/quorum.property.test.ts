import assert from "node:assert/strict";
import fc from "fast-check";
import { standardPolicies } from "../policies.ts";
import type { DecisionCode, Need, Tally } from "./quorum.ts";
import {
  bitCount,
  countAnswer,
  countFailure,
  Decision,
  decide,
  gotBy,
  neededBy,
  startTally,
} from "./quorum.ts";

const replicas = 5;

interface Event {
  readonly kind: "answer" | "failure";
  readonly replica: number;
}
const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom("answer" as const, "failure" as const),
  replica: fc.nat({ max: replicas - 1 }),
});
/** Sets of replicas that may overlap, as old and new owners do, or data centres never. */
const needs: fc.Arbitrary<readonly Need[]> = fc.array(
  fc
    .tuple(fc.integer({ min: 1, max: 31 }), fc.nat({ max: 4 }))
    .map(([among, more]: [number, number]): Need => ({ among, count: 1 + (more % bitCount(among)) })),
  { minLength: 1, maxLength: 3 },
);

const membersOf = (among: number): readonly number[] =>
  [...Array(replicas).keys()].filter((replica) => (among & (1 << replica)) !== 0);

const answeredBy = (events: readonly Event[]): Set<number> =>
  new Set(events.filter(({ kind }) => kind === "answer").map(({ replica }) => replica));

function tallied(all: readonly Need[], events: readonly Event[]): Tally {
  const tally = startTally(all);
  events.forEach(({ kind, replica }, index) => {
    if (kind === "failure") countFailure(tally, replica);
    else
      assert.equal(
        countAnswer(tally, replica, standardPolicies),
        !answeredBy(events.slice(0, index)).has(replica),
      );
  });
  return tally;
}

/** The rules once more, in words and with sets. */
function expected(all: readonly Need[], events: readonly Event[], isLate: boolean): DecisionCode {
  const answered = answeredBy(events);
  const failed = new Set(events.map(({ replica }) => replica).filter((replica) => !answered.has(replica)));
  const groups = all.map(({ among, count }) => ({ members: membersOf(among), count }));
  if (groups.every(({ members, count }) => members.filter((each) => answered.has(each)).length >= count)) {
    return Decision.succeed;
  }
  if (groups.some(({ members, count }) => members.filter((each) => !failed.has(each)).length < count)) {
    return Decision.fail;
  }
  return isLate ? Decision.timeOut : Decision.wait;
}

describe("quorum rules", () => {
  it("succeed with exactly those tallies in which every set has enough distinct answers", () => {
    fc.assert(
      fc.property(
        needs,
        fc.array(event),
        fc.boolean(),
        (all: readonly Need[], events: Event[], isLate: boolean) => {
          const tally = tallied(all, events);
          assert.equal(bitCount(tally.answered), answeredBy(events).size);
          assert.equal(decide(tally, isLate), expected(all, events, isLate));
          assert.equal(gotBy(tally) === neededBy(tally), decide(tally, isLate) === Decision.succeed);
        },
      ),
    );
  });

  it("fail at the first replica too many, before the deadline", () => {
    const tally = startTally([{ among: 0b111, count: 2 }]);
    countFailure(tally, 0);
    countFailure(tally, 0);
    assert.equal(decide(tally, false), Decision.wait);
    countFailure(tally, 2);
    assert.equal(decide(tally, false), Decision.fail);
  });

  it("time out only at the deadline", () => {
    const tally = startTally([{ among: 0b111, count: 2 }]);
    countAnswer(tally, 1, standardPolicies);
    assert.equal(decide(tally, false), Decision.wait);
    assert.equal(decide(tally, true), Decision.timeOut);
  });

  it("count one replica for every set that it is in", () => {
    const tally = startTally([
      { among: 0b0111, count: 2 },
      { among: 0b1110, count: 2 },
    ]);
    countAnswer(tally, 1, standardPolicies);
    countAnswer(tally, 2, standardPolicies);
    assert.equal(decide(tally, false), Decision.succeed);
    assert.deepEqual([neededBy(tally), gotBy(tally)], [4, 4]);
  });
});
