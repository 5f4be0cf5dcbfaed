import { settings } from "../core/options/settings.ts";

/** Width of a terminal that everybody has. */
const columns = 100;
/** Column at which the explanations begin. */
const indent = "  ";

/** What --settings prints: every setting of a keyspace, from the table that reads them. */
export function settingsText(): string {
  const blocks = Object.entries(settings).map(([name, { values, unit, default: usual, source, meaning }]) =>
    [
      name,
      ...wrapped(meaning),
      ...wrapped(`values: ${values}${unit === "" ? "" : ` (${unit})`}`),
      ...wrapped(`default: ${usual}${source === "" ? "" : ` (${source})`}`),
    ].join("\n"),
  );
  return [
    "The settings of a keyspace. A file of keyspaces is a JSON list of objects with these fields; only the",
    'name must be given: [{"name": "shop", "n": 3, "w": 2, "r": 2}, {"name": "sessions", "versions": "hlc"}]',
    "",
    blocks.join("\n\n"),
  ].join("\n");
}

/** The same as a page. */
export function settingsPage(): string {
  const rows = Object.entries(settings).map(
    ([name, { values, unit, default: usual, source, meaning }]) =>
      `| \`${name}\` | ${cell(meaning)} | ${cell(values)} | ${cell(unit)} | ${cell(usual)} | ${cell(source)} |`,
  );
  return [
    "# Keyspaces",
    "",
    "<!-- Written by `npm run docs` from store/core/options/settings.ts. -->",
    "",
    "A node is started with a file of keyspaces: a JSON list of objects with these fields. Only the name must be",
    "given. Requests can override `w` and `r`, or name a consistency level: `?w=`, `?r=`, `?consistency=`.",
    "",
    "| setting | what it means | values | unit | default | where the default is from |",
    "| --- | --- | --- | --- | --- | --- |",
    ...rows,
    "",
  ].join("\n");
}

/** A bar would end the cell. */
function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(" ")) {
    if (line.length + word.length > columns && line !== indent) {
      lines.push(line.trimEnd());
      line = `${indent}  `;
    }
    line += `${word} `;
  }
  return [...lines, line.trimEnd()];
}
