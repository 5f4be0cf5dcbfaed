import assert from "node:assert/strict";
import fc from "fast-check";
import { Scheduled, Scheduler } from "./scheduler.ts";

/** What a scheduler is asked to do; `which` points at an event that is pending or not. */
const anyStep = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant("add" as const), timeUs: fc.nat({ max: 20 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("take" as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("cancel" as const), which: fc.nat({ max: 200 }) }) },
);

/** The same thing the slow way. */
class SortedList {
  #events: Scheduled[] = [];

  add(event: Scheduled): void {
    this.#events.push(event);
    this.#events.sort((a, b) => a.timeUs - b.timeUs || a.sequence - b.sequence);
  }

  takeNext(): Scheduled | null {
    return this.#events.shift() ?? null;
  }

  cancel(event: Scheduled): boolean {
    const before = this.#events.length;
    this.#events = this.#events.filter((other) => other !== event);
    return this.#events.length < before;
  }

  get size(): number {
    return this.#events.length;
  }
}

/** Does one step to both and checks that they answer alike. */
function compare(
  step: { readonly do: "add" | "take" | "cancel"; readonly timeUs?: number; readonly which?: number },
  scheduler: Scheduler<Scheduled>,
  list: SortedList,
  known: Scheduled[],
): void {
  if (step.do === "take") {
    assert.equal(scheduler.takeNext(), list.takeNext());
    return;
  }
  if (step.do === "add") {
    const event = new Scheduled();
    scheduler.add(event, step.timeUs ?? 0);
    list.add(event);
    known.push(event);
    return;
  }
  const event = known[(step.which ?? 0) % Math.max(1, known.length)];
  if (event !== undefined) assert.equal(scheduler.cancel(event), list.cancel(event));
}

describe("scheduler", () => {
  it("does what a sorted list does, whatever is added, taken and cancelled", () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 200 }), (steps) => {
        const scheduler = new Scheduler<Scheduled>();
        const list = new SortedList();
        const known: Scheduled[] = [];
        for (const step of steps) {
          compare(step, scheduler, list, known);
          assert.equal(scheduler.size, list.size);
        }
        while (list.size > 0) assert.equal(scheduler.takeNext(), list.takeNext());
        assert.equal(scheduler.takeNext(), null);
      }),
      { numRuns: 500, seed: 1 },
    );
  });

  it("lists pending events in the order in which they were added", () => {
    const scheduler = new Scheduler<Scheduled>();
    const events = [5, 3, 9, 1].map((timeUs) => {
      const event = new Scheduled();
      scheduler.add(event, timeUs);
      return event;
    });
    assert.deepEqual(
      scheduler.pending(({ timeUs }) => timeUs > 1).map(({ timeUs }) => timeUs),
      [5, 3, 9],
    );
    assert.equal(events.length, scheduler.size);
  });
});
