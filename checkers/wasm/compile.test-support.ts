import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { main } from "assemblyscript/asc";

const folder = fileURLToPath(new URL("assembly", import.meta.url));

/** The text of one source of the search, for example `dead.ts`; null where there is none. */
export function assemblySource(name: string): string | null {
  try {
    return readFileSync(join(folder, name), "utf8");
  } catch {
    return null;
  }
}

/** Compiles the search. Other sources, those of a mutant, can be given. Throws with what the compiler said. */
export async function compileSearch(
  sourceOf: (name: string) => string | null = assemblySource,
): Promise<Uint8Array> {
  const said: string[] = [];
  const listen = { write: (text: Uint8Array | string): boolean => said.push(String(text)) > 0 };
  const compiled: Uint8Array[] = [];
  const { error } = await main(["index.ts", "--config", "asconfig.json", "--outFile", "search.wasm"], {
    stdout: listen,
    stderr: listen,
    readFile: sourceOf,
    listFiles: () => [],
    writeFile: (_, contents) => {
      if (typeof contents !== "string") compiled.push(contents);
    },
  });
  const [bytes] = compiled;
  if (error !== null || bytes === undefined) throw new Error(said.join(""), { cause: error });
  return bytes;
}

/** The text of the generated module `search-bytes.ts`. */
export function moduleOfBytes(bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,100}/g) ?? [];
  return [
    "/** The search, compiled from `checkers/wasm/assembly` by `npm run build:wasm`, in base64. */",
    "export const searchBytes: string =",
    lines.map((line) => `  "${line}"`).join(" +\n"),
  ]
    .join("\n")
    .concat(";\n");
}
