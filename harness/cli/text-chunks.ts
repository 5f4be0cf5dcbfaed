import { OperatingError } from "../base/errors.ts";

/**
 * The text of a stream of bytes, in pieces. A character that two of them share comes with the later one; the byte
 * order mark is the parser's affair.
 *
 * @throws OperatingError `bad-history` where the bytes are not UTF-8, with the line
 */
export async function* textChunks(stream: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = new Uint8Array(0);
  let line = 1;
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? chunk : joined(rest, chunk);
    const whole = bytes.length - unfinished(bytes);
    const text = decoded(bytes.subarray(0, whole), line);
    rest = bytes.slice(whole);
    line += newlinesIn(text);
    yield text;
  }
  if (rest.length > 0) decoded(rest, line);
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

/** How many bytes at the end begin a character that is not all there. */
function unfinished(bytes: Uint8Array): number {
  let back = 1;
  // 10xxxxxx goes on with a character.
  while (back < 4 && ((bytes[bytes.length - back] ?? 0) & 0xc0) === 0x80) back += 1;
  return lengthOfCharacter(bytes[bytes.length - back] ?? 0) > back ? back : 0;
}

/** By its first byte: 110xxxxx, 1110xxxx and 11110xxx begin characters of two, three and four bytes. */
function lengthOfCharacter(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

function decoded(bytes: Uint8Array, firstLine: number): string {
  const text = decode(bytes, false);
  if (text !== null) return text;
  // The longest beginning that is right, by halves.
  let good = 0;
  let bad = bytes.length;
  while (bad - good > 1) {
    const middle = (good + bad) >>> 1;
    if (decode(bytes.subarray(0, middle), true) === null) bad = middle;
    else good = middle;
  }
  const line = firstLine + newlinesIn(decode(bytes.subarray(0, good), true) ?? "");
  throw new OperatingError("bad-history", `line ${line}: not UTF-8; save the file in that encoding`);
}

/** Null where the bytes are not UTF-8. With `mayGoOn`, the last character may be unfinished. */
function decode(bytes: Uint8Array, mayGoOn: boolean): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes, { stream: mayGoOn });
  } catch {
    return null;
  }
}

function newlinesIn(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) count += 1;
  return count;
}
