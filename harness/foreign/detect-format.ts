import type { HistoryFormat } from "./history-reader.ts";

/** What begins a line of a log of Jepsen's; a log may have other lines before it. */
const logLine = /^INFO\s+jepsen\.util\s/m;
/** Maps of porcupine's kv: its functions are none of Jepsen's registers. */
const kvOperation = /^\{:process \d+, :type :\w+, :f :(get|put|append), :key "/;
/**
 * An object of JSON begins with a text and a colon; a map of EDN may begin with a text, too, but what follows it
 * there is a form of its own, such as a keyword.
 */
const jsonField = String.raw`\{\s*"(?:[^"\\]|\\.)*"(?::|\s+:\s*(?:["{[\d-]|true|false|null))`;
const jsonObject = new RegExp(String.raw`^(?:${jsonField}|\{\s*\}\s*$)`);
const jsonArray = new RegExp(String.raw`^\[\s*${jsonField}`);
const blanksAndComments = /^(?:[\s,]|;[^\n]*(?:\n|$))+/;
/** Blanks, comments and tags. */
const beforeForm = String.raw`(?:[\s,]|;[^\n]*(?:\n|$)|#[^\s{}[\]()";,#]+)*`;
/** Perhaps a bracket around all; then a map with a keyword, a text or a symbol for its first key. */
const ednMap = new RegExp(String.raw`^${beforeForm}(?:[[(]${beforeForm})?(?:$|[\])]|\{\s*[:"}A-Za-z])`);

/**
 * The format of a file by its beginning; null where it is none that is known. An empty file is a history without
 * operations in our own format.
 */
export function detectFormat(head: string): HistoryFormat | null {
  const text = plain(head);
  if (text === "" || jsonObject.test(text)) return "jsonl";
  if (kvOperation.test(text)) return "porcupine-kv";
  if (logLine.test(text)) return "porcupine-etcd";
  if (jsonArray.test(text)) return null;
  const form = text.replace(blanksAndComments, "");
  return form === "" || ednMap.test(form) ? "edn" : null;
}

/** Whether a file begins as an array of JSON: nearly our own format, but not line by line. */
export function isJsonArray(head: string): boolean {
  return jsonArray.test(plain(head));
}

function plain(head: string): string {
  return head.replace(/^\ufeff/, "").trimStart();
}
