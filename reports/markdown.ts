import { faultColumns } from "../harness/contracts/claim.ts";
import type { Results } from "../harness/contracts/results.ts";
import type { ClaimRow } from "./claim-row.ts";
import type { MatrixCell } from "./matrix-cell.ts";
import { reportModel } from "./model.ts";
import { counted } from "./wording.ts";

/** The matrix and the claims as Markdown, for the summary page of a job. */
export function renderMarkdown(results: Results): string {
  const model = reportModel(results);
  const lines = [
    "# Recount",
    "",
    `${counted(results.runs, "run")} on ${plain(results.target)}, ${counted(results.operations, "operation")}, seed ${results.seed}${results.interrupted ? ", **interrupted**" : ""}.`,
    "",
    `| N/W/R | claimed | ${faultColumns.join(" | ")} |`,
    `| --- | --- |${" --- |".repeat(faultColumns.length)}`,
  ];
  for (const { rows } of model.groups) {
    for (const { setting, cells } of rows) {
      lines.push(
        `| ${plain(setting.label)} | ${plain(setting.claimed)} | ${cells.map(cellText).join(" | ")} |`,
      );
    }
  }
  lines.push("", "| | what is said | what was measured | |", "| --- | --- | --- | --- |");
  for (const row of model.claims) lines.push(claimLine(row));
  return `${lines.join("\n")}\n`;
}

function cellText({ kind, name, detail }: MatrixCell): string {
  const text = detail === "" ? plain(name) : `${plain(name)}, ${plain(detail)}`;
  return kind === "contradicts" || kind === "contradicted" ? `**${text}**` : text;
}

function claimLine({ id, statement, source, measured, verdict }: ClaimRow): string {
  const word = verdict.tone === "fallen" ? `**${plain(verdict.word)}**` : plain(verdict.word);
  return `| ${plain(id)} | ${plain(statement)} (${plain(source)}) | ${plain(measured)} | ${word} |`;
}

/** Text that neither ends a table cell nor starts markup. */
function plain(text: string): string {
  return text.replace(/\s+/g, " ").replace(/[\\|<>&`*_[\]#]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
