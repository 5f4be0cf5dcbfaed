/** Width of a text that nobody sees in a terminal. Chosen: the matrix shows its rates from 99 columns on. */
const columnsWithoutTerminal = 120;

/** One line on standard output, which belongs to results. */
export function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** One line on standard error, which belongs to progress and complaints. */
export function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** The one document of a machine-readable call. */
export function printJson(document: unknown): void {
  print(JSON.stringify(document));
}

/** How wide standard output is, in characters. */
export function columnsOf(stream: { readonly isTTY?: boolean; readonly columns?: number }): number {
  return stream.isTTY === true ? (stream.columns ?? columnsWithoutTerminal) : columnsWithoutTerminal;
}

/** Colour is for people at a terminal who did not refuse it (no-color.org). */
export function hasColour(stream: { readonly isTTY?: boolean }): boolean {
  const { NO_COLOR: refused = "", TERM: terminal = "" } = process.env;
  return stream.isTTY === true && refused === "" && terminal !== "dumb";
}

/** Words in lines of at most so many characters, the lines after the first one indented. */
export function wrap(text: string, columns: number, indent: number = 0): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/\s+/)) {
    const longer = line === "" ? word : `${line} ${word}`;
    if (longer.length <= columns || line === "") {
      line = longer;
    } else {
      lines.push(line);
      line = " ".repeat(indent) + word;
    }
  }
  return [...lines, line].join("\n");
}
