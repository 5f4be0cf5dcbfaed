/** The line format of histories, both ways: what lines.ts writes, parse-history.ts reads. */
export type { HistoryLine, LineSink } from "./lines.ts";
export { historyLines, historyText } from "./lines.ts";
export { HistoryParser, parseHistory } from "./parse-history.ts";
