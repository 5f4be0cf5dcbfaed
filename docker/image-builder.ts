import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type Docker from "dockerode";
import { hasStatus, within } from "./engine.ts";
import { imageLabel } from "./run-label.ts";

/** Chosen: a build from this machine's files takes seconds; one that installs packages, a few minutes. */
const buildTimeoutMs = 300_000;

/** What an image is made of. */
export interface ImagePlan {
  readonly tag: string;
  /** What for: the value of our label. */
  readonly purpose: string;
  readonly dockerfile: string;
  readonly buildArgs: Readonly<Record<string, string>>;
  /** Files with contents, by their path in the build context. */
  readonly contents: Readonly<Record<string, string>>;
  /** Files of this machine, by their path in the build context. */
  readonly copies: Readonly<Record<string, string>>;
}

/** Twelve digits that change with any of the parts: tags say what is in an image. */
export function hashOf(...parts: readonly (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(String(part.length)).update(":").update(part);
  return hash.digest("hex").slice(0, 12);
}

/** Whether the engine has the image. */
export async function hasImage(docker: Docker, tag: string): Promise<boolean> {
  try {
    await docker.getImage(tag).inspect();
    return true;
  } catch (error) {
    if (hasStatus(error, 404)) return false;
    throw error;
  }
}

/** Builds an image unless the engine has it. True when it was built. */
export async function ensureImage(docker: Docker, plan: ImagePlan): Promise<boolean> {
  if (await hasImage(docker, plan.tag)) return false;
  const context = await mkdtemp(join(tmpdir(), "recount-image-"));
  try {
    await fillContext(context, plan);
    await within(buildTimeoutMs, `building ${plan.tag}`, build(docker, context, plan));
  } finally {
    await rm(context, { recursive: true, force: true });
  }
  return true;
}

async function fillContext(context: string, { dockerfile, contents, copies }: ImagePlan): Promise<void> {
  await writeFile(join(context, "Dockerfile"), dockerfile);
  for (const [path, content] of Object.entries(contents)) {
    await mkdir(dirname(join(context, path)), { recursive: true });
    await writeFile(join(context, path), content);
  }
  for (const [path, source] of Object.entries(copies)) {
    await mkdir(dirname(join(context, path)), { recursive: true });
    // Libraries are often links to a file with a version in its name: the file is wanted.
    await cp(source, join(context, path), { dereference: true });
  }
}

async function build(docker: Docker, context: string, plan: ImagePlan): Promise<void> {
  const building: Promise<NodeJS.ReadableStream> = docker.buildImage(
    { context, src: await readdir(context) },
    { t: plan.tag, labels: { [imageLabel]: plan.purpose }, buildargs: { ...plan.buildArgs }, forcerm: true },
  );
  const stream = await building;
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(
      stream,
      (error: Error | null, lines: readonly { readonly error?: string }[]) => {
        const wrong = error?.message ?? lines.find((line) => line.error !== undefined)?.error;
        if (wrong === undefined) resolve();
        else reject(new Error(`${plan.tag} can't be built: ${wrong.trim()}`));
      },
    );
  });
}
