import { OperatingError } from "../base/errors.ts";
import { EdnForms } from "./edn-forms.ts";
import { EdnText, shown } from "./edn-text.ts";
import type { HistoryFormat, HistoryReader, ReadHistory } from "./history-reader.ts";
import { OperationAssembler } from "./operation-assembler.ts";
import type { OperationFields } from "./operation-fields.ts";
import { readOperation } from "./operation-fields.ts";

const kvFunctions: readonly string[] = ["get", "put", "append"];

/**
 * Reads histories of Jepsen's: maps of EDN, each on its line, or all in a vector or a list. An `:info` ends an
 * operation without telling its outcome, as Knossos reads it.
 */
export class EdnReader implements HistoryReader {
  readonly #format: HistoryFormat;
  readonly #forms: EdnForms;
  readonly #operations: OperationAssembler;
  /** The line that is spoken of. */
  #line = 0;
  readonly #refuse = (wrong: string): never => {
    throw new OperatingError("bad-history", `line ${this.line}: ${wrong}`);
  };

  constructor(format: "edn" | "porcupine-kv", { isIndependent }: { readonly isIndependent: boolean }) {
    this.#format = format;
    this.#operations = new OperationAssembler({ isIndependent, failedCasWasRefused: false }, this.#refuse);
    this.#forms = new EdnForms((form, line) => this.#takeForm(form, line), this.#refuse);
  }

  get line(): number {
    return this.#line === 0 ? this.#forms.line : this.#line;
  }

  push(text: string): void {
    this.#forms.push(text);
  }

  finish(): ReadHistory {
    this.#forms.finish();
    const first = this.#operations.keysInValues;
    if (first !== null) {
      // Judged as one register of pairs, such a history is nearly always wrong.
      this.#line = first;
      this.#refuse("reads ask for [key nil]: --independent judges each key by itself");
    }
    return { ...this.#operations.finish(), format: this.#format };
  }

  #takeForm(form: string, line: number): void {
    const text = new EdnText(form, (wrong, at) => {
      this.#line = line + newlinesBefore(form, at);
      return this.#refuse(wrong);
    });
    const fields = readOperation(text);
    if (fields === null) return;
    this.#line = line;
    if (this.#format === "porcupine-kv") this.#refuseOtherThanKv(fields);
    this.#operations.take(fields, line);
    this.#line = 0;
  }

  /** A log of porcupine's key-value store has three functions, and texts. */
  #refuseOtherThanKv({ f, key, value }: OperationFields): void {
    if (!kvFunctions.includes(f ?? "")) {
      this.#refuse(`:f is ${shown(f ?? "missing")}; in a log of porcupine's kv it is :get, :put or :append`);
    }
    if (typeof key !== "string") this.#refuse(":key must be a text in a log of porcupine's kv");
    if (typeof value !== "string" && value !== null) {
      this.#refuse(":value must be a text or nil in a log of porcupine's kv");
    }
  }
}

function newlinesBefore(text: string, at: number): number {
  let count = 0;
  for (let end = text.indexOf("\n"); end >= 0 && end < at; end = text.indexOf("\n", end + 1)) count += 1;
  return count;
}
