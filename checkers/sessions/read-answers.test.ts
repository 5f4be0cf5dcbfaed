import assert from "node:assert/strict";
import { ReadAnswers } from "./read-answers.ts";

describe("answers that a session has read", () => {
  const at = (
    key: number,
    write: number,
    read = write + 100,
  ): { key: number; write: number; read: number } => ({
    key,
    write,
    read,
  });

  it("are kept by writer: the last, and the last at another key", () => {
    const answers = new ReadAnswers();
    assert.equal(answers.size, 0);
    assert.equal(answers.elsewhere(1, 5), null);
    answers.note(1, at(5, 10));
    assert.deepEqual(answers.elsewhere(1, 6), at(5, 10));
    assert.equal(answers.elsewhere(1, 5), null);
    answers.note(1, at(6, 20));
    assert.deepEqual([answers.elsewhere(1, 5), answers.elsewhere(1, 6)], [at(6, 20), at(5, 10)]);
    answers.note(1, at(6, 30));
    assert.deepEqual([answers.elsewhere(1, 5), answers.elsewhere(1, 6)], [at(6, 30), at(5, 10)]);
    answers.note(2, at(7, 40));
    assert.equal(answers.size, 2);
    assert.deepEqual([...answers.sessions()], [1, 2]);
    assert.deepEqual(answers.elsewhere(2, 5), at(7, 40));
  });

  it("are replaced by later ones at the same key", () => {
    const answers = new ReadAnswers();
    answers.note(1, at(5, 10));
    answers.note(1, at(5, 20));
    assert.deepEqual([answers.elsewhere(1, 6), answers.elsewhere(1, 5)], [at(5, 20), null]);
  });

  it("may be the first operation of the history", () => {
    const answers = new ReadAnswers();
    answers.note(1, at(6, 30));
    answers.note(1, at(5, 0));
    assert.deepEqual(answers.elsewhere(1, 6), at(5, 0));
  });

  it("stay when earlier ones are read later", () => {
    const answers = new ReadAnswers();
    answers.note(1, at(6, 30));
    answers.note(1, at(6, 20));
    assert.equal(answers.elsewhere(1, 6), null);
    answers.note(1, at(5, 10));
    assert.deepEqual([answers.elsewhere(1, 5), answers.elsewhere(1, 6)], [at(6, 30), at(5, 10)]);
    answers.note(1, at(7, 15));
    answers.note(1, at(5, 12));
    assert.deepEqual([answers.elsewhere(1, 5), answers.elsewhere(1, 6)], [at(6, 30), at(7, 15)]);
  });

  it("name the read that showed an answer first", () => {
    const answers = new ReadAnswers();
    answers.note(1, at(5, 10, 11));
    answers.note(1, at(5, 10, 12));
    answers.note(1, at(6, 20, 21));
    answers.note(1, at(5, 10, 22));
    assert.deepEqual([answers.elsewhere(1, 5), answers.elsewhere(1, 6)], [at(6, 20, 21), at(5, 10, 11)]);
  });
});
