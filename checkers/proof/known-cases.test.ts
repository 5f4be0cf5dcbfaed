import assert from "node:assert/strict";
import { parseHistory } from "../../harness/history/journal.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import { checkHistory } from "../check-history.ts";
import type { HistoryModel } from "../history-models.ts";

/** An event: when, who, how, and of what. */
type Event = readonly [
  time: number,
  process: number,
  type: "invoke" | "ok" | "info",
  f: string,
  value: HistoryValue,
];

/** The events in the order of their times; at equal times beginnings come first, as porcupine has it. */
function verdictOn(model: HistoryModel, ...events: readonly Event[]): string {
  const rank = ([time, , type]: Event): number => 2 * time + (type === "invoke" ? 0 : 1);
  const lines = [...events]
    .sort((a, b) => rank(a) - rank(b))
    .map(([time, process, type, f, value]) => JSON.stringify({ time, process, type, f, value }));
  return checkHistory(parseHistory(lines.join("\n")), model).word;
}

/** An operation as its two events. */
function during(
  from: number,
  to: number,
  process: number,
  f: string,
  asked: HistoryValue,
  answer: HistoryValue = asked,
): readonly [Event, Event] {
  return [
    [from, process, "invoke", f, asked],
    [to, process, "ok", f, answer],
  ];
}

/** Cases that porcupine's own tests try by hand (porcupine_test.go), its 0 written out as an initial write. */
describe("cases that others wrote by hand", () => {
  const initially = during(0, 1, 9, "write", 0);

  it("orders a read of the old value before one of the new, while the write goes on", () =>
    assert.equal(
      verdictOn(
        "register",
        ...initially,
        ...during(10, 110, 0, "write", 100),
        ...during(35, 85, 1, "read", null, 100),
        ...during(40, 70, 2, "read", null, 0),
      ),
      "valid",
    ));

  it("does not let the old value be read once the new one has been", () =>
    assert.equal(
      verdictOn(
        "register",
        ...initially,
        ...during(10, 110, 0, "write", 200),
        ...during(20, 40, 1, "read", null, 200),
        ...during(50, 100, 2, "read", null, 0),
      ),
      "invalid",
    ));

  it("takes operations without duration, at the same time, in any order", () =>
    assert.equal(
      verdictOn(
        "register",
        ...initially,
        ...during(10, 110, 0, "write", 100),
        ...during(35, 85, 1, "read", null, 100),
        ...during(40, 40, 2, "read", null, 0),
        ...during(40, 40, 3, "read", null, 0),
      ),
      "valid",
    ));

  it("knows that operations without duration are over at once", () =>
    assert.equal(
      verdictOn(
        "register",
        ...initially,
        ...during(10, 110, 0, "write", 200),
        ...during(20, 20, 1, "read", null, 200),
        ...during(20, 20, 2, "read", null, 200),
        ...during(50, 100, 3, "read", null, 0),
      ),
      "invalid",
    ));

  describe("of a set", () => {
    const adding = (...read: readonly Event[]): string =>
      verdictOn("set", ...during(0, 9, 0, "add", 100), ...during(1, 8, 1, "add", 110), ...read);

    it("shows some of what is being added, all of it, or an unknown part", () => {
      assert.equal(adding(...during(2, 7, 2, "read", null, [100])), "valid");
      assert.equal(adding(...during(2, 7, 2, "read", null, [110, 100])), "valid");
      assert.equal(adding([2, 2, "invoke", "read", null], [7, 2, "info", "read", null]), "valid");
    });

    it("shows nothing twice, and nothing that nobody adds", () => {
      assert.equal(adding(...during(2, 7, 2, "read", null, [100, 100, 110])), "invalid");
      assert.equal(adding(...during(2, 7, 2, "read", null, [100, 5])), "invalid");
    });
  });
});
