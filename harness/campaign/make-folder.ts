import { existsSync, mkdirSync } from "node:fs";
import { dirname, resolve } from "node:path";

/**
 * Makes a folder and those above it. Not by `mkdir`'s own recursion: Node 20 never returns from it where the
 * file system answers "no such file" below a folder that is there, as /proc does.
 */
export function makeFolder(path: string): void {
  const missing: string[] = [];
  let at = resolve(path);
  while (!existsSync(at)) {
    missing.push(at);
    at = dirname(at);
  }
  for (const folder of missing.reverse()) mkdirSync(folder);
}
