import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { arch, tmpdir } from "node:os";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type Docker from "dockerode";
import { build } from "esbuild";
import { contentsOf, hostNodeFiles } from "./host-files.ts";
import type { ImagePlan } from "./image-builder.ts";
import { ensureImage, hashOf, hasImage } from "./image-builder.ts";

const run = promisify(execFile);

/** Chosen: the newest release in late 2026. */
const toxiproxyVersion = "v2.12.0";
/** What node.Dockerfile and the others start from. */
const registryNode = "node:20-bookworm-slim";
const registryGo = "golang:1.24-bookworm";
/** Chosen: modules are loaded and compiled once; 25 s were measured on two cores. */
const goTimeoutMs = 300_000;

/** How the two base images are come by. */
export interface Recipe {
  readonly way: "local" | "registry";
  node(): Promise<ImagePlan>;
  /** Builds Toxiproxy's image unless it is there; gives its tag. */
  toxiproxy(docker: Docker, say: (line: string) => void): Promise<string>;
}

/** From this machine's own Node and Go: needs no registry. */
export const localRecipe: Recipe = {
  way: "local",
  async node() {
    const files = await hostNodeFiles();
    const copies = Object.fromEntries(Object.entries(files).map(([path, source]) => [`root${path}`, source]));
    const dockerfile = "FROM scratch\nCOPY root/ /\n";
    const tag = `recount/node:local-${hashOf(dockerfile, ...(await contentsOf(files)))}`;
    return { tag, purpose: "node-local", dockerfile, buildArgs: {}, contents: {}, copies };
  },
  async toxiproxy(docker, say) {
    const dockerfile = 'FROM scratch\nCOPY server /toxiproxy\nENTRYPOINT ["/toxiproxy", "-host=0.0.0.0"]\n';
    const tag = `recount/toxiproxy:local-${hashOf(dockerfile, toxiproxyVersion, arch())}`;
    if (await hasImage(docker, tag)) return tag;
    say(`images: building Toxiproxy ${toxiproxyVersion} with this machine's Go`);
    const folder = await mkdtemp(join(tmpdir(), "recount-go-"));
    try {
      await goInstall(folder);
      const copies = { server: join(folder, "server") };
      await ensureImage(docker, {
        tag,
        purpose: "toxiproxy",
        dockerfile,
        buildArgs: {},
        contents: {},
        copies,
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
    return tag;
  },
};

/** From a registry's base images, by the Dockerfiles of this folder. */
export const registryRecipe: Recipe = {
  way: "registry",
  async node() {
    const dockerfile = await ownFile("node.Dockerfile");
    const tag = `recount/node:registry-${hashOf(dockerfile, registryNode)}`;
    const buildArgs = { NODE: registryNode };
    return { tag, purpose: "node-registry", dockerfile, buildArgs, contents: {}, copies: {} };
  },
  async toxiproxy(docker) {
    const dockerfile = await ownFile("toxiproxy.Dockerfile");
    const tag = `recount/toxiproxy:registry-${hashOf(dockerfile, toxiproxyVersion)}`;
    const buildArgs = { GO: registryGo, VERSION: toxiproxyVersion };
    await ensureImage(docker, { tag, purpose: "toxiproxy", dockerfile, buildArgs, contents: {}, copies: {} });
    return tag;
  },
};

/** The name to ask a registry for, to see whether one answers. */
export const registryQuestion: string = registryNode;

/** The store in one file on top of the base. */
export async function storePlan(base: string): Promise<ImagePlan> {
  const dockerfile = await ownFile("store.Dockerfile");
  const contents = { "store.cjs": await bundleStore(), faketime: "+0s\n" };
  const tag = `recount/store:${hashOf(dockerfile, base, ...Object.values(contents))}`;
  return { tag, purpose: "store", dockerfile, buildArgs: { BASE: base }, contents, copies: {} };
}

/** Bundles the server, so that the image needs no node_modules. */
async function bundleStore(): Promise<string> {
  const entry = fileURLToPath(new URL(`../store/server/main${extname(import.meta.url)}`, import.meta.url));
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    platform: "node",
    format: "cjs",
    target: "node20",
    logLevel: "silent",
    // A compiled accelerator that msgpackr does without.
    external: ["msgpackr-extract"],
  });
  const [bundle] = outputFiles;
  if (bundle === undefined) throw new Error("the store's bundle is missing");
  return bundle.text;
}

async function goInstall(folder: string): Promise<void> {
  const what = `github.com/Shopify/toxiproxy/v2/cmd/server@${toxiproxyVersion}`;
  try {
    const env = { ...process.env, CGO_ENABLED: "0", GOBIN: folder };
    await run("go", ["install", "-trimpath", "-ldflags=-s -w", what], { env, timeout: goTimeoutMs });
  } catch (cause) {
    throw goError(cause);
  }
}

function goError(cause: unknown): Error {
  const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  const because = cause instanceof Error ? cause.message : String(cause);
  return isMissing
    ? new Error("Toxiproxy can't be built: there is no go on this machine, and no registry answers", {
        cause,
      })
    : new Error(`Toxiproxy can't be built: ${because}`, { cause });
}

/** A compiled program stands in dist/, the Dockerfiles do not. */
async function ownFile(name: string): Promise<string> {
  try {
    return await readFile(new URL(name, import.meta.url), "utf8");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    return await readFile(new URL(`../../docker/${name}`, import.meta.url), "utf8");
  }
}
