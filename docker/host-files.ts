import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);

/** Where distributions keep libfaketime; Debian has a folder for each processor in between. */
const libraryFolders = ["/usr/lib", "/usr/lib64", "/usr/local/lib"];

/**
 * The files that Node needs on this machine, by the path that they shall have in an image: the binary, the
 * libraries that it and libfaketime are linked to, the loader, and libfaketime.
 */
export async function hostNodeFiles(): Promise<Readonly<Record<string, string>>> {
  const faketime = await findFaketime();
  const files: Record<string, string> = {
    "/usr/local/bin/node": process.execPath,
    [`/usr/local/lib/${basename(faketime)}`]: faketime,
  };
  for (const binary of [process.execPath, faketime]) {
    for (const library of await librariesOf(binary)) files[library] = library;
  }
  return files;
}

/** The contents of files, in order of their names: what an image's tag is made from. */
export async function contentsOf(files: Readonly<Record<string, string>>): Promise<(string | Uint8Array)[]> {
  const parts: (string | Uint8Array)[] = [];
  for (const [target, source] of Object.entries(files).sort(([a], [b]) => (a < b ? -1 : 1))) {
    parts.push(target, await readFile(source));
  }
  return parts;
}

async function findFaketime(): Promise<string> {
  for (const folder of libraryFolders) {
    const inner = await namesIn(folder);
    for (const between of ["", ...inner.filter((name) => name.includes("-linux-"))]) {
      const home = join(folder, between, "faketime");
      const names = await namesIn(home);
      if (names.includes("libfaketime.so.1")) return join(home, "libfaketime.so.1");
    }
  }
  throw new Error("libfaketime is not installed (Debian and Ubuntu: apt-get install libfaketime)");
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch {
    return [];
  }
}

/** The absolute paths that the loader resolves: libraries, and the loader itself. */
async function librariesOf(binary: string): Promise<string[]> {
  const { stdout } = await run("ldd", [binary], { timeout: 10_000 });
  return [...stdout.matchAll(/(?:=>\s*|^\s*)(\/\S+)\s+\(0x/gm)].flatMap(([, path]) => path ?? []);
}
