import assert from "node:assert/strict";
import { checkers } from "../../checkers/registry.ts";
import { Choice } from "../base/choice.ts";
import type { Checker } from "../contracts/checker.ts";
import { ampleBudget, check } from "../contracts/checker.ts";
import type { History } from "../history/history.ts";
import { HistoryRecorder } from "../history/recorder.ts";
import type { HistoryValue } from "../history/values.ts";
import { SliceJudge, verdictsByChecker } from "./judge-block.ts";
import { fatefulCheckers, fatefulNamed } from "./judge-fates.test-support.ts";
import { SlicedHistory, shareHistory } from "./judge-shared-history.ts";
import { sliceByKey } from "./judge-slices.ts";
import { JudgeThreads } from "./judge-threads.ts";

const fatefulEntry = new URL("./judge-fates.test-support.ts", import.meta.url);

/** Reads, writes and deletes of some keys by four clients, with errors and contexts here and there. */
function anyHistory(seed: number, keys: number, write: (at: number) => HistoryValue): History {
  const recorder = new HistoryRecorder({ seed });
  const choice = new Choice(seed, 0);
  const held = new Map<string, HistoryValue>();
  for (let at = 0; at < 60 * keys; at += 1) {
    const f = choice.oneOf(["read", "read", "write", "delete"] as const);
    const key = `k${choice.below(keys)}`;
    const asked = f === "write" ? write(at) : null;
    const context = choice.percent(10) ? { context: `c${at}` } : {};
    const facts = { process: at % 4, f, key, value: asked, session: `s${at % 4}`, ...context };
    const row = recorder.invoke(2 * at, facts);
    const value = f === "read" ? (held.get(key) ?? null) : asked;
    // Now and then a change is acknowledged that never was.
    if (choice.percent(95)) held.set(key, value);
    const isOk = choice.percent(90);
    const end = isOk
      ? { type: "ok" as const }
      : { type: choice.oneOf(["info", "fail"] as const), error: "late" };
    recorder.complete(row, 2 * at + 1, { ...end, value });
  }
  recorder.phase(120 * keys, "final");
  return recorder.finish();
}

/** A key each, with one read. */
function readsOf(keys: readonly string[]): History {
  const recorder = new HistoryRecorder({});
  keys.forEach((key, at) => {
    const row = recorder.invoke(2 * at, { process: 0, f: "read", key });
    recorder.complete(row, 2 * at + 1, { type: "ok", value: null });
  });
  return recorder.finish();
}

const histories = [
  { name: "numbers", history: anyHistory(1, 12, (at) => at) },
  { name: "few texts", history: anyHistory(2, 5, (at) => `v${at % 7}`) },
  { name: "mixed values", history: anyHistory(3, 9, (at) => (at % 2 === 0 ? at : { at })) },
  { name: "nothing", history: new HistoryRecorder({}).finish() },
];

async function withThreads<Result>(
  options: ConstructorParameters<typeof JudgeThreads>[0],
  use: (threads: JudgeThreads) => Promise<Result>,
): Promise<Result> {
  const threads = new JudgeThreads(options);
  try {
    return await use(threads);
  } finally {
    await threads.close();
  }
}

describe("slices of a history", () => {
  it("have all keys once, in order, and about as many operations each", () => {
    const { history } = histories[0] ?? assert.fail();
    const { count, firstKey, operations } = sliceByKey(history, 4);
    assert.equal(count, 4);
    assert.deepEqual([firstKey[0], firstKey[4]], [0, 12]);
    assert.equal(
      operations.reduce((sum, each) => sum + each, 0),
      720,
    );
    for (const each of operations) assert.ok(each >= 60 && each <= 300, `${each} operations`);
  });

  it("do not cut a key, and may be fewer than asked for", () => {
    const { count, firstKey, operations } = sliceByKey(readsOf(["a", "a", "a", "b"]), 4);
    assert.deepEqual([count, [...firstKey], [...operations]], [2, [0, 1, 2], [3, 1]]);
    const none = sliceByKey(readsOf([]), 4);
    assert.deepEqual([none.count, [...none.firstKey], [...none.operations]], [0, [0], []]);
  });

  it("are histories of their own keys, with the same indices", () => {
    const history = readsOf(["a", "b", "a", "c", "b"]);
    const sliced = new SlicedHistory(shareHistory(history), sliceByKey(history, 2));
    const { length, keys, key, invokeIndex, completeIndex } = sliced.slice(1);
    assert.deepEqual(
      [length, keys, [...key], [...invokeIndex], [...completeIndex]],
      [1, [{ keyspace: "", key: "c" }], [0], [6], [7]],
    );
    assert.deepEqual([...sliced.slice(0).invokeIndex], [0, 2, 4, 8]);
  });

  for (const { name, history } of histories) {
    it(`give each checker the same verdict as the whole: ${name}`, () => {
      const byKey = checkers.filter((checker) => checker.tasks(history).every(({ key }) => key >= 0));
      assert.ok(byKey.length >= 5);
      const slices = sliceByKey(history, 4);
      const sliced = new SlicedHistory(shareHistory(history), slices);
      const blocks = Array.from({ length: slices.count }, (_, slice) => {
        const judge = new SliceJudge(sliced.slice(slice), byKey, ampleBudget);
        const to = (slices.firstKey[slice + 1] ?? 0) - (slices.firstKey[slice] ?? 0);
        return verdictsByChecker(judge.judge({ slice, from: 0, to }, () => undefined, []));
      });
      byKey.forEach((checker, number) => {
        const verdict = checker.combine(blocks.flatMap((each) => each[number] ?? []));
        assert.deepEqual(verdict, check(checker, history), checker.name);
      });
    });
  }
});

describe("judging in threads", () => {
  for (const threads of [1, 2, 3]) {
    it(`gives the verdicts of one thread: ${threads} threads`, async () => {
      await withThreads({ threads }, async (team) => {
        for (const { name, history } of histories) {
          const expected = checkers.map((checker) => check(checker, history));
          assert.deepEqual(await team.judge(history, checkers), expected, name);
        }
      });
    });
  }

  it("judges a checker that no thread knows by name in this one", async () => {
    const own: Checker = { ...(checkers[0] ?? assert.fail()), name: "nobody knows me" };
    const { history } = histories[0] ?? assert.fail();
    const verdicts = await withThreads({ threads: 1 }, (team) => team.judge(history, [own]));
    assert.deepEqual(verdicts, [check(own, history)]);
  });

  const survivor = fatefulCheckers[0] ?? assert.fail();
  const buggy = fatefulCheckers[1] ?? assert.fail();
  const fateful = { entry: fatefulEntry, named: fatefulNamed };

  it("calls the keys unknown that threads die over, and no others", async () => {
    const history = readsOf(["a", "exits", "b", "c", "exits", "d", "e", "f"]);
    const verdicts = await withThreads({ ...fateful, threads: 2 }, (team) =>
      team.judge(history, [survivor, buggy]),
    );
    const because = "exits is not judged: the thread that judged it ended with status 3";
    assert.deepEqual(verdicts, [
      { word: "unknown", because },
      { word: "valid", checked: 7 },
    ]);
  });

  it("calls a key unknown for which there is not enough memory", async () => {
    const history = readsOf(["a", "hogs", "b"]);
    const verdicts = await withThreads({ ...fateful, threads: 1, memoryMb: 24 }, (team) =>
      team.judge(history, [survivor]),
    );
    const because = "hogs is not judged: the thread that judged it ran out of its memory of 24 MiB";
    assert.deepEqual(verdicts, [{ word: "unknown", because }]);
  });

  it("calls everything unknown that there is not even the memory to begin with", async () => {
    const history = readsOf(["a", "b", "exits"]);
    const why = "is not judged: the thread that judged it ran out of its memory of 1 MiB";
    const verdicts = await withThreads({ ...fateful, threads: 2, memoryMb: 1 }, (team) =>
      team.judge(history, [survivor]),
    );
    assert.deepEqual(verdicts, [{ word: "unknown", because: `a ${why}; b ${why}; exits ${why}` }]);
  });

  it("throws what a checker throws", async () => {
    const history = readsOf(["a", "bug"]);
    await assert.rejects(
      withThreads({ ...fateful, threads: 2 }, (team) => team.judge(history, [buggy])),
      { name: "RangeError", message: "a bug of the checker" },
    );
  });

  it("says that threads cannot be started, instead of starting them for ever", async () => {
    const entry = new URL("./no-such-file.ts", import.meta.url);
    await assert.rejects(
      withThreads({ threads: 1, entry, named: fatefulNamed }, (team) =>
        team.judge(readsOf(["a"]), [survivor]),
      ),
      { name: "InvariantViolation", message: /^threads that judge keep dying: .*no-such-file/ },
    );
  });
});
