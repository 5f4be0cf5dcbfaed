import { longestLine } from "../history/parse-history.ts";
import type { Refuse } from "../history/parse-line.ts";
import { deepest, shown } from "./edn-text.ts";
import { exampleOperation } from "./operation-fields.ts";

/** What a sign may mean to the cutting of forms; all others mean nothing to it. */
const Sign = { newline: 1, quote: 2, backslash: 3, semicolon: 4, opener: 5, closer: 6, blank: 7 } as const;

const meanings: Uint8Array = new Uint8Array(128);
for (const [signs, meaning] of [
  ["\n", Sign.newline],
  ['"', Sign.quote],
  ["\\", Sign.backslash],
  [";", Sign.semicolon],
  ["([{", Sign.opener],
  [")]}", Sign.closer],
  [" ,\t\r", Sign.blank],
] as const) {
  for (const sign of signs) meanings[sign.charCodeAt(0)] = meaning;
}

/** Where the cutting stands: between signs that mean something, or within a text, a comment, or behind a `\`. */
type Place = "code" | "text" | "escape" | "character" | "comment";

/**
 * Cuts EDN that comes in pieces into the forms of operations: maps, each by itself or as items of a vector or a
 * list, tagged or not, on one line or many. Keeps no more than one form, whatever the file looks like.
 */
export class EdnForms {
  readonly #take: (form: string, line: number) => void;
  readonly #refuse: Refuse;
  #place: Place = "code";
  /** What closes the open brackets of the present form, the innermost last. */
  readonly #closers: string[] = [];
  /** The beginning of the present form, from earlier pieces; null between forms. */
  #begun: string | null = null;
  #beganAt = 0;
  /** The line on which the present form began. */
  #formLine = 0;
  /** The vector or list around all forms: what closes it, and its line. */
  #around: { readonly closer: string; readonly line: number } | null = null;
  #line = 1;

  /** `take` gets each form with the line on which it begins; `refuse` ends the reading, and knows `line`. */
  constructor(take: (form: string, line: number) => void, refuse: Refuse) {
    this.#take = take;
    this.#refuse = refuse;
  }

  /** The line that is being read. */
  get line(): number {
    return this.#line;
  }

  push(text: string): void {
    this.#beganAt = 0;
    for (let at = 0; at < text.length; at += 1) {
      const code = text.charCodeAt(at);
      const meaning = code < 128 ? (meanings[code] ?? 0) : 0;
      // Nearly all signs: part of a form, and nothing that cuts.
      if (meaning === 0 && this.#begun !== null && this.#place === "code") continue;
      this.#read(text, at, meaning);
    }
    if (this.#begun === null) return;
    this.#begun += text.slice(this.#beganAt);
    if (this.#begun.length > longestLine) this.#refuse(`an operation of more than ${longestLine} characters`);
  }

  finish(): void {
    if (this.#begun !== null) {
      this.#refuse(
        `the file ends within the operation that begins on line ${this.#formLine}: it was cut off`,
      );
    }
    if (this.#around === null) return;
    const { closer, line } = this.#around;
    this.#refuse(`the file ends before the ${closer} for line ${line}: it was cut off`);
  }

  #read(text: string, at: number, meaning: number): void {
    if (meaning === Sign.newline) this.#line += 1;
    switch (this.#place) {
      case "code":
        this.#readCode(text, at, meaning);
        return;
      case "text":
        if (meaning === Sign.quote) this.#place = "code";
        else if (meaning === Sign.backslash) this.#place = "escape";
        return;
      case "comment":
        if (meaning === Sign.newline) this.#place = "code";
        return;
      case "escape":
        this.#place = "text";
        return;
      case "character":
        this.#place = "code";
    }
  }

  #readCode(text: string, at: number, meaning: number): void {
    if (meaning === Sign.semicolon) this.#place = "comment";
    else if (this.#closers.length > 0) this.#readWithin(text, at, meaning);
    else if (meaning !== Sign.newline && meaning !== Sign.blank) this.#readBetween(text, at, meaning);
  }

  /** Within the brackets of a form. */
  #readWithin(text: string, at: number, meaning: number): void {
    if (meaning === Sign.quote) this.#place = "text";
    else if (meaning === Sign.backslash) this.#place = "character";
    else if (meaning === Sign.opener) this.#nest(text[at] ?? "");
    else if (meaning === Sign.closer) this.#unnest(text, at);
  }

  #nest(opener: string): void {
    this.#closers.push(closerOf(opener));
    // The form itself is one deep, and what it is tagged with is no bracket.
    if (this.#closers.length > deepest + 1) this.#refuse(`nested more than ${deepest} deep`);
  }

  #unnest(text: string, at: number): void {
    const closer = this.#closers.pop();
    if (text[at] !== closer) this.#refuse(`a ${text[at]} where a ${closer} is missing`);
    if (this.#closers.length === 0) this.#end(text, at);
  }

  /** Between forms, or within the tag of one. */
  #readBetween(text: string, at: number, meaning: number): void {
    const sign = text[at] ?? "";
    if (meaning === Sign.closer) this.#close(sign);
    else if (sign === "{") this.#begin(at, "}");
    else if (meaning === Sign.opener) this.#open(sign);
    else if (sign === "#") this.#begin(at, null);
    else if (sign !== "\ufeff" && (this.#begun === null || meaning !== 0)) {
      this.#refuse(`${shown(sign)} begins no operation; one is a map such as ${exampleOperation}`);
    }
  }

  /** At a tag or at the bracket behind it, which needs a closer. */
  #begin(at: number, closer: string | null): void {
    if (closer !== null) this.#closers.push(closer);
    if (this.#begun !== null) return;
    this.#begun = "";
    this.#beganAt = at;
    this.#formLine = this.#line;
  }

  #end(text: string, at: number): void {
    const form = (this.#begun ?? "") + text.slice(this.#beganAt, at + 1);
    this.#begun = null;
    this.#beganAt = 0;
    if (form.length > longestLine) this.#refuse(`an operation of more than ${longestLine} characters`);
    this.#take(form, this.#formLine);
  }

  /** A vector or a list between forms holds all of them; its tag, such as a record's, says nothing more. */
  #open(sign: string): void {
    if (this.#around !== null)
      this.#refuse(`${sign} begins no operation; one is a map such as ${exampleOperation}`);
    this.#around = { closer: closerOf(sign), line: this.#line };
    this.#begun = null;
  }

  #close(sign: string): void {
    if (this.#around?.closer !== sign || this.#begun !== null) this.#refuse(`a ${sign} that closes nothing`);
    this.#around = null;
  }
}

function closerOf(opener: string): string {
  if (opener === "{") return "}";
  return opener === "[" ? "]" : ")";
}
