/** The line format of histories, both ways: what is written in lines.ts is read in parse-history.ts. */
export type { HarnessLine, HeaderLine, HistoryLine, LineSink, OperationLine } from "./lines.ts";
export {
  historyText,
  lineOfCompletion,
  lineOfHeader,
  lineOfInvocation,
  lineOfMark,
  writeHistory,
} from "./lines.ts";
export { HistoryParser, parseHistory } from "./parse-history.ts";
