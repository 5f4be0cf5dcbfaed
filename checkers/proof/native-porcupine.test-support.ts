import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Models of the native judge; the numbers are those of porcupine-native/models.go. */
export const NativeModel = { register: 0, kv: 1, set: 2, queue: 3 } as const;

/** How an operation ended, to the native judge. Refused: a cas that met another value. */
export const NativeOutcome = { ok: 0, refused: 1, unknown: 2 } as const;

/** An operation for the native judge: values are numbers for a register, places in `texts` for all others. */
export interface NativeOperation {
  readonly key: number;
  /** Register: read, write, delete, cas. Kv: get, put, append. Set: read, add, remove. Queue: dequeue, enqueue. */
  readonly f: number;
  readonly a: number;
  readonly b: number;
  readonly call: number;
  readonly ret: number;
  readonly outcome: number;
  readonly result: number;
}

/** A history for the native judge. */
export interface NativeHistory {
  readonly model: (typeof NativeModel)[keyof typeof NativeModel];
  readonly operations: readonly NativeOperation[];
  /** What the values of models other than the register's are; the first is the empty text. */
  readonly texts?: readonly string[];
}

/** What porcupine says of one history. */
export interface NativeVerdict {
  readonly verdict: "Ok" | "Illegal" | "Unknown";
  /** How long each judgement took; the first one in a process that has judged nothing else is a cold one. */
  readonly ns: readonly number[];
  /** What the last judgement allocated in all. */
  readonly bytes: number;
}

/** How often and for how long histories are judged. */
export interface NativeEffort {
  readonly repeats?: number;
  /** 0, unless given: no limit. */
  readonly timeoutMs?: number;
}

/** Judges histories in one process on one core. */
export type NativeJudge = (histories: readonly NativeHistory[], effort?: NativeEffort) => NativeVerdict[];

const module = fileURLToPath(new URL("porcupine-native", import.meta.url));
/** Nothing but what go.mod pins, and the Go that is installed. */
const environment = { ...process.env, GOTOOLCHAIN: "local", GOWORK: "off", GOMAXPROCS: "1" };

let found: NativeJudge | string | undefined;

/** Porcupine, built once in this process, or the reason why there is none: no Go, or no way to its module. */
export function nativePorcupine(): NativeJudge | string {
  found ??= build();
  return found;
}

/** Where porcupine's module lies, with its published histories; or the reason why there is none. */
export function porcupineFolder(): { readonly folder: string } | string {
  const downloaded = spawnSync("go", ["mod", "download", "-json"], {
    cwd: module,
    env: environment,
    encoding: "utf8",
  });
  if (downloaded.error !== undefined) return `no Go on this machine (${downloaded.error.message})`;
  const said: { readonly Dir?: string; readonly Error?: string } =
    downloaded.stdout.trim() === "" ? {} : JSON.parse(downloaded.stdout);
  if (said.Dir !== undefined) return { folder: said.Dir };
  return `Go cannot have the module: ${(said.Error ?? downloaded.stderr).trim().split("\n")[0]}`;
}

/** @throws Error where Go and the module are there, but the program does not compile: that is our fault. */
function build(): NativeJudge | string {
  const there = porcupineFolder();
  if (typeof there === "string") return there;
  const folder = mkdtempSync(join(tmpdir(), "recount-porcupine-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  const program = join(folder, "porcupine-native");
  const built = spawnSync("go", ["build", "-buildvcs=false", "-o", program, "."], {
    cwd: module,
    env: environment,
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(`go build: ${built.stderr}`, { cause: built.error });
  return (histories, effort = {}) => judgeWith(program, histories, effort);
}

function judgeWith(
  program: string,
  histories: readonly NativeHistory[],
  effort: NativeEffort,
): NativeVerdict[] {
  const ran = spawnSync(program, {
    input: Buffer.concat(histories.map((history) => frameOf(history, effort))),
    env: environment,
    // Chosen: far more than the lines of 100,000 verdicts.
    maxBuffer: 256 * 1024 * 1024,
  });
  if (ran.status !== 0) throw new Error(`porcupine: ${ran.stderr.toString()}`, { cause: ran.error });
  const lines = ran.stdout.toString().trimEnd().split("\n");
  return histories.length === 0 ? [] : lines.map((line) => JSON.parse(line) as NativeVerdict);
}

/** The words of porcupine-native/main.go. */
function frameOf(
  { model, operations, texts = [] }: NativeHistory,
  { repeats = 1, timeoutMs = 0 }: NativeEffort,
): Buffer {
  const words = new Int32Array(5 + 8 * operations.length);
  words.set([model, timeoutMs, repeats, operations.length, texts.length]);
  let at = 5;
  for (const { key, f, a, b, call, ret, outcome, result } of operations) {
    words[at] = key;
    words[at + 1] = f;
    words[at + 2] = a;
    words[at + 3] = b;
    words[at + 4] = call;
    words[at + 5] = ret;
    words[at + 6] = outcome;
    words[at + 7] = result;
    at += 8;
  }
  const parts: Uint8Array[] = [new Uint8Array(words.buffer)];
  for (const text of texts) {
    const bytes = Buffer.from(text);
    parts.push(new Uint8Array(Int32Array.of(bytes.length).buffer), bytes);
  }
  return Buffer.concat(parts);
}
