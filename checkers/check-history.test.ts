import assert from "node:assert/strict";
import { parseHistory } from "../harness/history/journal.ts";
import { checkHistory } from "./check-history.ts";

function lines(...events: readonly string[]): string {
  return events.map((event, at) => `{"time":${at},${event}}`).join("\n");
}

const stale = lines(
  '"process":0,"type":"invoke","f":"write","value":1',
  '"process":0,"type":"ok","f":"write","value":1',
  '"process":1,"type":"invoke","f":"read"',
  '"process":1,"type":"ok","f":"read","value":null',
);

describe("check of a history file", () => {
  it("judges somebody else's lines, each anomaly once", () => {
    const checked = checkHistory(parseHistory(stale));
    assert.equal(checked.word, "invalid");
    assert.equal(checked.operations, 2);
    assert.deepEqual(
      checked.anomalies.map(({ kind, evidence }) => ({ kind, evidence })),
      [{ kind: "stale read", evidence: [0, 2] }],
    );
    assert.deepEqual(
      checked.verdicts.map(({ checker, verdict }) => `${checker}: ${verdict.word}`),
      ["history-sanity: valid", "linearizability: invalid", "regular: invalid"],
    );
  });

  it("calls a linearizable history valid", () => {
    const history = parseHistory(stale.replace('"value":null', '"value":1'));
    assert.equal(checkHistory(history).word, "valid");
  });

  it("calls an empty file unknown, and says why", () => {
    const checked = checkHistory(parseHistory(""));
    assert.equal(checked.word, "unknown");
    assert.equal(checked.because, "no operation in the history");
  });

  it("asks for the other model where there is compare-and-set", () => {
    const history = parseHistory(
      lines(
        '"process":0,"type":"invoke","f":"cas","value":[1,2]',
        '"process":0,"type":"fail","f":"cas","value":[1,2]',
      ),
    );
    assert.equal(checkHistory(history, "register").word, "unknown");
    assert.equal(checkHistory(history, "cas-register").word, "unknown");
    const won = parseHistory(
      lines(
        '"process":0,"type":"invoke","f":"cas","value":[1,2]',
        '"process":0,"type":"ok","f":"cas","value":[1,2]',
      ),
    );
    assert.equal(checkHistory(won, "cas-register").word, "invalid");
  });

  it("stops at a history that breaks its assumptions", () => {
    const history = parseHistory(
      lines('"process":0,"type":"invoke","f":"write","value":null', '"process":0,"type":"ok","f":"write"'),
    );
    const checked = checkHistory(history);
    assert.equal(checked.word, "invalid");
    assert.deepEqual(
      checked.anomalies.map(({ kind }) => kind),
      ["broken assumption"],
    );
  });
});
