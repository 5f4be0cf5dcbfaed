import assert from "node:assert/strict";
import fc from "fast-check";
import { standardPolicies } from "../policies.ts";
import type { DecisionCode, Tally } from "./quorum.ts";
import { countAnswer, countFailure, Decision, decide, startTally } from "./quorum.ts";

interface Event {
  readonly kind: "answer" | "failure";
  readonly replica: number;
}
const event: fc.Arbitrary<Event> = fc.record({
  kind: fc.constantFrom("answer" as const, "failure" as const),
  replica: fc.nat({ max: 4 }),
});

const answeredBy = (events: readonly Event[]): Set<number> =>
  new Set(events.filter(({ kind }) => kind === "answer").map(({ replica }) => replica));

function tallied(needed: number, events: readonly Event[]): Tally {
  const tally = startTally(5, needed);
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
function expected(needed: number, events: readonly Event[], isLate: boolean): DecisionCode {
  const answered = answeredBy(events);
  const failed = new Set(events.map(({ replica }) => replica).filter((replica) => !answered.has(replica)));
  if (answered.size >= needed) return Decision.succeed;
  if (5 - failed.size < needed) return Decision.fail;
  return isLate ? Decision.timeOut : Decision.wait;
}

describe("quorum rules", () => {
  it("succeed with exactly those tallies that have enough distinct answers", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 5 }),
        fc.array(event),
        fc.boolean(),
        (needed: number, events: Event[], isLate: boolean) => {
          const tally = tallied(needed, events);
          assert.equal(tally.got, answeredBy(events).size);
          assert.equal(decide(tally, isLate), expected(needed, events, isLate));
        },
      ),
    );
  });

  it("fail at the first replica too many, before the deadline", () => {
    const tally = startTally(3, 2);
    countFailure(tally, 0);
    countFailure(tally, 0);
    assert.equal(decide(tally, false), Decision.wait);
    countFailure(tally, 2);
    assert.equal(decide(tally, false), Decision.fail);
  });

  it("time out only at the deadline", () => {
    const tally = startTally(3, 2);
    countAnswer(tally, 1, standardPolicies);
    assert.equal(decide(tally, false), Decision.wait);
    assert.equal(decide(tally, true), Decision.timeOut);
  });
});
