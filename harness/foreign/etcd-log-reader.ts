import { OperatingError } from "../base/errors.ts";
import { longestLine } from "../history/parse-history.ts";
import { EdnText, shown } from "./edn-text.ts";
import type { HistoryReader, ReadHistory } from "./history-reader.ts";
import { LineSplitter } from "./line-splitter.ts";
import { leftOut, OperationAssembler } from "./operation-assembler.ts";
import { OperationFields } from "./operation-fields.ts";

/** Every line of Jepsen's own begins so; a log has others, which say nothing of operations. */
const ownLine = /^INFO\s+jepsen\.util\s+-\s/;
/** Ends without a blank: trailing ones are cut off before. */
const operationLine = /^INFO\s+jepsen\.util\s+-\s+(\d+|:nemesis)\s+:(invoke|ok|fail|info)\s+:(\S+)\s+(\S.*)$/;
const example = "INFO  jepsen.util - 0 :invoke :write 3";

/**
 * Reads the logs of Jepsen's etcd test that porcupine publishes: one register, `read`, `write` and `cas`, a line
 * an event, in the order of time. A cas that failed had met another value; a read that timed out says nothing;
 * what is still open at the end, or ended `:info`, may have taken effect at any time.
 */
export class EtcdLogReader implements HistoryReader {
  #line = 0;
  #others = 0;
  readonly #refuse = (wrong: string): never => {
    throw new OperatingError("bad-history", `line ${this.#line}: ${wrong}`);
  };
  readonly #operations: OperationAssembler = new OperationAssembler(
    { isIndependent: false, failedCasWasRefused: true },
    this.#refuse,
  );
  readonly #lines: LineSplitter = new LineSplitter((line) => this.#takeLine(line));

  get line(): number {
    return this.#line;
  }

  push(text: string): void {
    this.#lines.push(text);
  }

  finish(): ReadHistory {
    this.#lines.finish();
    const { history, notes } = this.#operations.finish();
    if (history.length === 0 && this.#line > 0) {
      this.#refuse(`no operation up to here; each is a line such as ${example}`);
    }
    const others = this.#others === 0 ? [] : [leftOut(this.#others, "line", "without an operation")];
    return { history, format: "porcupine-etcd", notes: [...notes, ...others] };
  }

  #takeLine(text: string): void {
    this.#line += 1;
    if (text.length > longestLine) this.#refuse(`longer than ${longestLine} characters`);
    if (ownLine.test(text)) this.#operations.take(this.#fieldsOf(text.trimEnd()), this.#line);
    else if (text.trim() !== "") this.#others += 1;
  }

  #fieldsOf(text: string): OperationFields {
    const found = operationLine.exec(text);
    if (found === null) return this.#refuse(`${shown(text)} is no operation; one is ${example}`);
    const [, process = "", type = "", f = "", argument = ""] = found;
    const fields = new OperationFields();
    fields.process = process === ":nemesis" ? "nemesis" : Number(process);
    fields.type = type;
    fields.f = f;
    const form = new EdnText(argument, this.#refuse);
    fields.valueIsKeyword = form.isKeywordNext();
    fields.value = form.value(1);
    if (!form.isAtEnd())
      this.#refuse(`${shown(argument)} is more than one value; a line is such as ${example}`);
    return fields;
  }
}
