import { defects } from "../../store/core/defects.ts";
import { metricsPage } from "../../store/server/metric-table.ts";
import { settingsPage } from "../../store/server/settings-text.ts";
import { claims } from "../../workloads/claims/claims.ts";
import type { Claim } from "../contracts/claim.ts";

const begin = "<!-- Written by `npm run docs` from the registries. -->";
const end = "<!-- End of what is written. -->";

/** The README with its tables as the registries have them now. */
export function withTables(readme: string): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) throw new Error("README.md has lost the marks between which its tables stand");
  return `${readme.slice(0, from)}${begin}\n\n${tables()}\n\n${readme.slice(to)}`;
}

/** Pages that are written from registries as a whole. */
export function writtenPages(): readonly { readonly path: string; readonly text: string }[] {
  return [
    { path: "store/KEYSPACES.md", text: settingsPage() },
    { path: "store/METRICS.md", text: metricsPage() },
  ];
}

function tables(): string {
  const rows = claims.map(
    (claim) =>
      `| ${claim.id} | ${claim.statement} | ${verdictOf(claim)} | ${claim.argument} | ${claim.advice} |`,
  );
  const head = [
    "| row | what is said | what happens | because | advice |",
    "| --- | --- | --- | --- | --- |",
  ];
  const pairs = claims.reduce((sum, claim) => sum + claim.defects.length, 0);
  return [
    ...head,
    ...rows,
    "",
    `${defects.length} defects can be planted in the store, each after a bug that somebody shipped; ${pairs} pairs of a`,
    "defect and a row that must fall because of it are tried with every default campaign.",
  ].join("\n");
}

function verdictOf({ expect, anomalies }: Claim): string {
  return expect === "holds" ? "holds" : `**breaks**: ${anomalies.join(", ")}`;
}
