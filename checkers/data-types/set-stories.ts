import { cell } from "../../harness/history/cell.ts";
import type { History } from "../../harness/history/history.ts";
import { Fn, never, Outcome } from "../../harness/history/history.ts";
import type { HistoryValue } from "../../harness/history/values.ts";
import { isAnsweredRead } from "../register/register-operations.ts";

/** What happened to one element of a set; operations are rows, −1 where there is none. */
export interface ElementStory {
  readonly element: HistoryValue;
  /** The first add that was begun, and the first that may have taken effect. */
  attempt: number;
  add: number;
  /** What made it known: the acknowledgement of an add, or a read that showed it, whichever ended first; 0 where nothing did. */
  knownBy: number;
  /** The index from which on it was known; `never` where it wasn't. */
  knownSince: number;
  /** Of the reads that showed it, the one that ended first, and the one that ended last. */
  firstShown: number;
  lastShown: number;
  /** Of the reads that began since it was known and missed it, the one that began last. */
  lastMissed: number;
  /** The first read that showed it more than once. */
  doubled: number;
  /** The read that was looked at last and has it: scratch. */
  seenIn: number;
}

type ElementName = string | number | boolean;

/**
 * The stories of all elements of a key in the order in which they were first met, in time linear in what adds and
 * reads show: a read is compared with none but the read that began after it. `rows`: the operations of the key in
 * order of invocation.
 */
export function storiesOf(history: History, rows: readonly number[]): readonly ElementStory[] {
  const stories = new Map<ElementName, ElementStory>();
  for (const row of rows) {
    if (history.f[row] === Fn.add) noteAdd(history, storyOf(stories, addedBy(history, row)), row);
  }
  const reads = rows.filter((row) => isAnsweredRead(history, row));
  for (const read of reads) {
    for (const element of elementsShown(history, read)) noteShown(history, storyOf(stories, element), read);
  }
  const all = [...stories.values()];
  noteMissed(history, all, reads, (element) => storyOf(stories, element));
  return all;
}

/** Whether a read showed a list, or nothing, which reads like an empty one. */
export function showsElements(history: History, read: number): boolean {
  const value = history.values[cell(history.result, read)] ?? null;
  return value === null || Array.isArray(value);
}

function elementsShown(history: History, read: number): readonly HistoryValue[] {
  const value = history.values[cell(history.result, read)] ?? null;
  return Array.isArray(value) ? value : [];
}

function addedBy(history: History, row: number): HistoryValue {
  return history.values[cell(history.argument, row)] ?? null;
}

function storyOf(stories: Map<ElementName, ElementStory>, element: HistoryValue): ElementStory {
  const name = nameOf(element);
  const known = stories.get(name);
  if (known !== undefined) return known;
  const none = { attempt: -1, add: -1, knownBy: 0, firstShown: -1, lastShown: -1, lastMissed: -1 };
  const made: ElementStory = { element, ...none, knownSince: never, doubled: -1, seenIn: -1 };
  stories.set(name, made);
  return made;
}

/** Compound elements go by their JSON, behind a mark that keeps them apart from strings. */
function nameOf(element: HistoryValue): ElementName {
  return typeof element === "object" ? `\u0000${JSON.stringify(element)}` : element;
}

function noteAdd(history: History, story: ElementStory, row: number): void {
  if (story.attempt < 0) story.attempt = row;
  if (history.outcome[row] === Outcome.fail) return;
  if (story.add < 0) story.add = row;
  noteKnown(history, story, row);
}

function noteShown(history: History, story: ElementStory, read: number): void {
  if (story.seenIn === read && story.doubled < 0) story.doubled = read;
  story.seenIn = read;
  const { completeIndex } = history;
  const end = cell(completeIndex, read);
  if (story.firstShown < 0 || end < cell(completeIndex, story.firstShown)) story.firstShown = read;
  if (end > cell(completeIndex, story.lastShown)) story.lastShown = read;
  noteKnown(history, story, read);
}

function noteKnown(history: History, story: ElementStory, row: number): void {
  const end = cell(history.completeIndex, row);
  if (end >= story.knownSince) return;
  story.knownSince = end;
  story.knownBy = row;
}

/**
 * From the read that began last back to the first. Whatever a read misses needs no further look, so after one
 * read no more elements are left than it showed.
 */
function noteMissed(
  history: History,
  stories: readonly ElementStory[],
  reads: readonly number[],
  find: (element: HistoryValue) => ElementStory,
): void {
  let left = stories;
  for (let at = reads.length - 1; at >= 0; at -= 1) {
    const read = reads[at] ?? 0;
    const call = cell(history.invokeIndex, read);
    for (const element of elementsShown(history, read)) find(element).seenIn = read;
    left = left.filter((story) => {
      if (story.seenIn === read) return true;
      if (story.knownSince < call) story.lastMissed = read;
      return false;
    });
  }
}
