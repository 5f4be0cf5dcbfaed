import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Bytes of the files in a directory; those that vanish meanwhile count nothing. */
export async function directoryBytes(path: string): Promise<number> {
  const names = await readdir(path);
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(path, name)).then(
        ({ size }) => size,
        (error: NodeJS.ErrnoException) => {
          if (error.code === "ENOENT") return 0;
          throw error;
        },
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
