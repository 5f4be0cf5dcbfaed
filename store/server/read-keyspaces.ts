import { readFile } from "node:fs/promises";
import type { Keyspace } from "../core/options/keyspace.ts";
import { parseKeyspaces } from "../core/options/parse-keyspaces.ts";
import { startError } from "./start-error.ts";

/** Requests to it would meet the routes of the administration. */
const reserved = "admin";

/** Reads the file of keyspaces. @throws StartError that names the file and the field */
export async function readKeyspaces(path: string): Promise<readonly Keyspace[]> {
  try {
    const keyspaces = parseKeyspaces(JSON.parse(await readFile(path, "utf8")));
    const index = keyspaces.findIndex(({ name }) => name === reserved);
    if (index < 0) return keyspaces;
    throw new Error(`keyspaces[${index}].name: "${reserved}" is taken by /v1/${reserved}; give another name`);
  } catch (cause) {
    const because = cause instanceof Error ? cause.message : String(cause);
    throw startError("bad-keyspaces", `${path}: ${because}`, cause);
  }
}
