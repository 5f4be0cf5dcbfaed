import type { Disk } from "./runtime.ts";

/** What a client has for a disk. Nothing that it does may need one: it keeps nothing beyond its requests. */
export const noDisk: Disk = {
  append: refuse,
  sync: refuse,
  rotate: refuse,
  snapshot: refuse,
  install: refuse,
  isFull: false,
  backlog: 0,
};

function refuse(): never {
  throw new Error("a client has no disk");
}
