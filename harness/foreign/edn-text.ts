import { excerpt } from "../base/excerpt.ts";
import type { HistoryValue } from "../history/values.ts";

/** How deep forms may be nested. Chosen: as deep as values of the line format may be. */
export const deepest = 32;
/** Substrings from this length on keep the whole text alive in V8: what is kept gets a text of its own. */
const sharedFrom = 13;

/** Ends the reading with what is wrong at which place of the text. */
export type RefuseAt = (wrong: string, at: number) => never;

/** What ends a token, besides blanks. */
const terminators = new Set('"();[]{}\\`~@^'.split("").map((sign) => sign.charCodeAt(0)));
const endsToken: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) =>
  code <= 0x20 || code === 0x2c || terminators.has(code) ? 1 : 0,
);

/** What may begin a symbol that is a name of ours; numbers, tags and brackets don't. */
const symbolStart = /[A-Za-z_*!?<>=.$%&|]/;

const closerOf: Readonly<Record<string, string>> = { "{": "}", "[": "]", "(": ")" };
const escapes: Readonly<Record<string, string>> = {
  t: "\t",
  r: "\r",
  n: "\n",
  b: "\b",
  f: "\f",
  "\\": "\\",
  '"': '"',
};

/**
 * Reads EDN as the values of a history. What JSON has no word for keeps its own: a keyword is the text `:name`, a
 * symbol `'name`, a character `\a`, a number beyond 2⁵³ or with N, M or a fraction line its digits. Lists are
 * vectors; sets are sorted vectors and maps sorted objects, so that equal ones are equal; a tagged value is an
 * object of one field, `#tag`.
 */
export class EdnText {
  readonly #text: string;
  readonly #refuse: RefuseAt;
  #at = 0;

  constructor(text: string, refuse: RefuseAt) {
    this.#text = text;
    this.#refuse = refuse;
  }

  /** Ends the reading at the present place. */
  refuse(wrong: string): never {
    return this.#refuse(wrong, this.#at);
  }

  /** Whether nothing but blanks and comments is left. */
  isAtEnd(): boolean {
    this.#skipBlanks(0);
    return this.#at >= this.#text.length;
  }

  /** Whether that bracket comes next; then it has been read. */
  takes(bracket: string, depth: number = 0): boolean {
    this.#skipBlanks(depth);
    if (this.#text[this.#at] !== bracket) return false;
    this.#at += 1;
    return true;
  }

  /** Whether a tag comes next; then it has been read. */
  takesTag(): boolean {
    this.#skipBlanks(0);
    if (this.#text[this.#at] !== "#" || this.#text[this.#at + 1] === "{") return false;
    this.#at += 1;
    if (this.#token() === "") this.refuse("# without a tag behind it");
    return true;
  }

  /** Whether a keyword comes next. */
  isKeywordNext(): boolean {
    this.#skipBlanks(1);
    return this.#text[this.#at] === ":";
  }

  /** Reads a form that is of no use. */
  dropped(): null {
    this.value(1);
    return null;
  }

  /** A keyword, symbol or text as its bare name; null where something else comes next. */
  name(): string | null {
    this.#skipBlanks(1);
    const from = this.#at;
    const sign = this.#text[from];
    if (sign === '"') return this.#string();
    if (sign === ":") {
      this.#at += 1;
      const name = this.#token();
      if (name !== "") return owned(name);
    } else if (sign !== undefined && symbolStart.test(sign)) {
      const name = this.#token();
      if (name !== "nil" && name !== "true" && name !== "false") return owned(name);
    }
    this.#at = from;
    return null;
  }

  /** The next form. */
  value(depth: number): HistoryValue {
    if (depth > deepest) this.refuse(`nested more than ${deepest} deep`);
    this.#skipBlanks(depth);
    const sign = this.#text[this.#at];
    switch (sign) {
      case undefined:
        return this.refuse("it ends where a value should stand");
      case '"':
        return this.#string();
      case "[":
      case "(":
        return this.#sequence(sign, depth);
      case "{":
        return this.#map(depth);
      case "#":
        return this.#dispatch(depth);
      case "\\":
        return this.#character();
      case "]":
      case ")":
      case "}":
        return this.refuse(`${sign} closes nothing here; a value is missing`);
      default:
        return this.#atom();
    }
  }

  /** Blanks, commas, comments, and forms that are discarded. */
  #skipBlanks(depth: number): void {
    const text = this.#text;
    for (;;) {
      const code = text.charCodeAt(this.#at);
      if (isBlank(code)) {
        this.#at += 1;
      } else if (code === 0x3b) {
        const end = text.indexOf("\n", this.#at);
        this.#at = end < 0 ? text.length : end;
      } else if (code === 0x23 && text[this.#at + 1] === "_") {
        this.#at += 2;
        this.value(depth + 1);
      } else {
        return;
      }
    }
  }

  #token(): string {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    while (at < text.length && endsToken[text.charCodeAt(at)] !== 1) at += 1;
    this.#at = at;
    return text.slice(from, at);
  }

  #atom(): HistoryValue {
    const small = this.#smallInteger();
    if (small !== null) return small;
    const from = this.#at;
    const token = this.#token();
    if (token === "nil") return null;
    if (token === "true") return true;
    if (token === "false") return false;
    if (/^[+-]?\d/.test(token)) return this.#number(token, from);
    if (token === "" || token === ":") return this.#refuse(`${shown(this.#text[from])} is no value`, from);
    return owned(token.startsWith(":") ? token : `'${token}`);
  }

  /** Nearly all numbers: up to fifteen digits. Null, and nothing read, where there is anything else. */
  #smallInteger(): number | null {
    const text = this.#text;
    const from = this.#at;
    let at = from;
    let number = 0;
    for (; at < from + 15; at += 1) {
      const digit = text.charCodeAt(at) - 0x30;
      if (!(digit >= 0 && digit <= 9)) break;
      number = number * 10 + digit;
    }
    if (at === from || (at < text.length && endsToken[text.charCodeAt(at)] !== 1)) return null;
    this.#at = at;
    return number;
  }

  #number(token: string, from: number): HistoryValue {
    if (/^[+-]?\d+N?$/.test(token)) {
      const digits = token.replace(/^\+|N$/g, "");
      const number = Number(digits);
      return Number.isSafeInteger(number) ? number + 0 : owned(digits);
    }
    if (/^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?$/.test(token)) {
      const number = Number(token);
      if (Number.isFinite(number)) return number;
      return this.#refuse(`the number ${shown(token)} is too large; write it as a text`, from);
    }
    if (/^[+-]?(\d+\/\d+|\d+(\.\d*)?([eE][+-]?\d+)?M|0[xX][\da-fA-F]+)$/.test(token)) return owned(token);
    return this.#refuse(`${shown(token)} is no number`, from);
  }

  #string(): string {
    const text = this.#text;
    const from = this.#at + 1;
    let end = text.indexOf('"', from);
    const backslash = text.indexOf("\\", from);
    if (end >= 0 && (backslash < 0 || backslash > end)) {
      this.#at = end + 1;
      return owned(text.slice(from, end));
    }
    const parts: string[] = [];
    let at = from;
    for (;;) {
      end = nextOf(text, at);
      if (end < 0) return this.#refuse('a text begins here and never ends; a " is missing', from - 1);
      parts.push(text.slice(at, end));
      if (text[end] === '"') break;
      at = this.#escape(end + 1, parts);
    }
    this.#at = end + 1;
    return owned(parts.join(""));
  }

  /** Adds what stands after a backslash, and gives the place behind it. */
  #escape(at: number, parts: string[]): number {
    const sign = this.#text[at] ?? "";
    const hex = this.#text.slice(at + 1, at + 5);
    if (sign === "u" && /^[\da-fA-F]{4}$/.test(hex)) {
      parts.push(String.fromCharCode(Number.parseInt(hex, 16)));
      return at + 5;
    }
    const meant = Object.hasOwn(escapes, sign) ? escapes[sign] : undefined;
    if (meant === undefined) {
      return this.#refuse(
        `\\${sign} means nothing in a text; \\t \\r \\n \\b \\f \\\\ \\" and \\u263a do`,
        at,
      );
    }
    parts.push(meant);
    return at + 1;
  }

  #character(): string {
    const from = this.#at;
    this.#at += 1;
    // The sign itself may be one that ends a token, such as \( or a comma.
    this.#at += 1;
    const rest = this.#token();
    if (from + 1 >= this.#text.length) return this.#refuse("a \\ without a character behind it", from);
    return owned(`\\${this.#text[from + 1]}${rest}`);
  }

  #sequence(opener: string, depth: number): HistoryValue[] {
    const from = this.#at;
    const items: HistoryValue[] = [];
    this.#at += opener.length;
    while (!this.#closes(opener, from, depth)) items.push(this.value(depth + 1));
    return items;
  }

  #closes(opener: string, from: number, depth: number): boolean {
    this.#skipBlanks(depth + 1);
    if (this.#at >= this.#text.length) this.#refuse(`${opener} is never closed`, from);
    const closer = closerOf[opener.at(-1) ?? ""] ?? "";
    if (this.#text[this.#at] !== closer) return false;
    this.#at += 1;
    return true;
  }

  #map(depth: number): HistoryValue {
    const from = this.#at;
    this.#at += 1;
    const entries = new Map<string, HistoryValue>();
    while (!this.#closes("{", from, depth)) {
      const name = textOf(this.value(depth + 1));
      if (entries.has(name)) this.refuse(`the key ${shown(name)} occurs twice in a map`);
      if (this.takes("}", depth)) this.refuse(`the key ${shown(name)} has no value`);
      entries.set(name, this.value(depth + 1));
    }
    return Object.fromEntries([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
  }

  #set(depth: number): HistoryValue {
    const from = this.#at;
    const sorted = this.#sequence("#{", depth).sort(inOrder);
    const twice = sorted.findIndex((item, at) => at > 0 && inOrder(sorted[at - 1] ?? null, item) === 0);
    if (twice >= 0) this.#refuse(`${shown(textOf(sorted[twice] ?? null))} occurs twice in a set`, from);
    return sorted;
  }

  #dispatch(depth: number): HistoryValue {
    const text = this.#text;
    if (text[this.#at + 1] === "{") return this.#set(depth);
    if (text.startsWith("##", this.#at)) return owned(this.#token());
    const from = this.#at;
    this.#at += 1;
    const tag = this.#token();
    if (tag === "") return this.#refuse("# without a tag behind it", from);
    return { [`#${tag}`]: this.value(depth + 1) };
  }
}

/** Commas and the byte order mark are blanks, too. */
function isBlank(code: number): boolean {
  return code <= 0x20 || code === 0x2c || code === 0xfeff;
}

/** Where the next quote or backslash stands, or −1. */
function nextOf(text: string, from: number): number {
  for (let at = from; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 0x22 || code === 0x5c) return at;
  }
  return -1;
}

/** The text of a value: itself, or JSON. */
export function textOf(value: HistoryValue): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Numbers by size, then all else by its JSON. */
function inOrder(a: HistoryValue, b: HistoryValue): number {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a === "number") return -1;
  if (typeof b === "number") return 1;
  const areTexts = typeof a === "string" && typeof b === "string";
  const [one, other] = areTexts ? [a, b] : [JSON.stringify(a), JSON.stringify(b)];
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

function owned(text: string): string {
  return text.length < sharedFrom ? text : (JSON.parse(JSON.stringify(text)) as string);
}

/** A piece of the text for a message. */
export function shown(text: string | undefined): string {
  return excerpt(JSON.stringify(text ?? ""));
}
