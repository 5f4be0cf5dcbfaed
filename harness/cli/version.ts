import { existsSync, readFileSync } from "node:fs";

/** Recount's own version, from its package file: the nearest one above, for the compiled files lie deeper. */
export function ownVersion(): string {
  for (let place = new URL("./package.json", import.meta.url); ; place = new URL("../package.json", place)) {
    if (existsSync(place)) {
      const { version }: { version?: unknown } = JSON.parse(readFileSync(place, "utf8"));
      return String(version);
    }
    if (place.pathname === "/package.json") return "unknown";
  }
}
