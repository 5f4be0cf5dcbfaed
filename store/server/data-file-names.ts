/** Segment N of the log. */
export function segmentName(number: number): string {
  return `log.${number}`;
}

/** The snapshot that stands for the segments before N. */
export function snapshotName(number: number): string {
  return `snapshot.${number}`;
}

/** A snapshot that is being written; it gets its name when it is whole. */
export const unfinishedSnapshot = "snapshot.tmp";

/** What is written to see whether there is room. */
export const probeName = "room.tmp";

/** The file of the first version of the store, whose records no version since can read. */
export const oldLogName = "log";

/** What a name says, where it is one of a data file's. */
export function parseDataFileName(
  name: string,
): { readonly kind: "log" | "snapshot"; readonly number: number } | null {
  const match = /^(?<kind>log|snapshot)\.(?<number>[1-9]\d{0,14})$/.exec(name);
  const { kind, number } = match?.groups ?? {};
  if (kind === undefined || number === undefined) return null;
  return { kind: kind === "log" ? "log" : "snapshot", number: Number(number) };
}

/** Whether it was left behind by a process that died while it wrote it. */
export function isUnfinished(name: string): boolean {
  return /^(log\.\d+|snapshot|room)\.tmp$/.test(name);
}
