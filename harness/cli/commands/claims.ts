import { exitStatus } from "../../base/errors.ts";
import type { Claim } from "../../contracts/claim.ts";
import { registry } from "../registry.ts";
import { columnsOf, print, printJson, wrap } from "../terminal.ts";

/** Lists the rows of the claim table. */
export function claims({ json }: { readonly json?: true }): number {
  if (json) printJson(registry.claims.map(listed));
  else for (const claim of registry.claims) show(claim);
  return exitStatus.asExpected;
}

function listed({ id, statement, source, expect, cells }: Claim): object {
  return {
    id,
    statement,
    source,
    expect,
    cells: cells.map((cell) => ({
      id: cell.id,
      setting: cell.setting.label,
      fault: cell.fault,
      needs: cell.needs,
    })),
    needs: [...new Set(cells.flatMap(({ needs }) => needs))],
  };
}

/** Room for the longest id and a space: rows stand below each other. */
const idWidth = 5;

function show({ id, statement, source, expect, cells }: Claim): void {
  const columns = columnsOf(process.stdout);
  const settings = [...new Set(cells.map(({ setting }) => setting.label))].join(", ");
  const faults = [...new Set(cells.map(({ fault }) => fault))].join(", ");
  print(wrap(`${id.padEnd(idWidth)}${statement}`, columns, idWidth));
  const indent = " ".repeat(idWidth);
  print(indent + wrap(`${expect}, after ${source}`, columns - idWidth, idWidth));
  print(indent + wrap(`at ${settings}`, columns - idWidth, idWidth));
  print(indent + wrap(`under ${faults}`, columns - idWidth, idWidth));
}
