import type Docker from "dockerode";
import type { Engine } from "./engine.ts";
import { within } from "./engine.ts";
import { ensureImage } from "./image-builder.ts";
import type { Recipe } from "./recipes.ts";
import { localRecipe, registryQuestion, registryRecipe, storePlan } from "./recipes.ts";
import { imageLabel } from "./run-label.ts";

/** Chosen: a registry that takes longer to answer a question would take minutes to send an image. */
const registryTimeoutMs = 5_000;

/** Names of the images that a cluster needs. */
export interface Images {
  readonly store: string;
  readonly toxiproxy: string;
  /** Whether a registry's images can be had, too. */
  readonly way: Recipe["way"];
  /** How they were come by, in a sentence. */
  readonly how: string;
}

let remembered: Promise<Images> | null = null;

/** Makes the images that are not there yet, once for this process. `say` hears what takes a while. */
export function prepareImages(engine: Engine, say: (line: string) => void): Promise<Images> {
  remembered ??= prepare(engine.docker, say).catch((error: unknown) => {
    remembered = null;
    throw error;
  });
  return remembered;
}

async function prepare(docker: Docker, say: (line: string) => void): Promise<Images> {
  const { recipe, because, mayFallBack } = await chooseRecipe(docker);
  say(`images: ${because}`);
  try {
    return await cook(docker, recipe, because, say);
  } catch (error) {
    if (!mayFallBack) throw error;
    const failed = `the registry's images can't be used (${messageOf(error)}), so this machine's Node and Go are`;
    say(`images: ${failed}`);
    return await cook(docker, localRecipe, failed, say);
  }
}

async function cook(
  docker: Docker,
  recipe: Recipe,
  how: string,
  say: (line: string) => void,
): Promise<Images> {
  const node = await recipe.node();
  await ensureImage(docker, node);
  const store = await storePlan(node.tag);
  await ensureImage(docker, store);
  const toxiproxy = await recipe.toxiproxy(docker, say);
  return { store: store.tag, toxiproxy, way: recipe.way, how };
}

interface Choice {
  readonly recipe: Recipe;
  readonly because: string;
  readonly mayFallBack: boolean;
}

/** The person's choice, else what was used before on this engine, else whether a registry answers. */
async function chooseRecipe(docker: Docker): Promise<Choice> {
  const { RECOUNT_IMAGES: wanted } = process.env;
  if (wanted === "local")
    return { recipe: localRecipe, because: "from this machine's files, as told", mayFallBack: false };
  if (wanted === "registry")
    return { recipe: registryRecipe, because: "from a registry, as told", mayFallBack: false };
  if (wanted !== undefined && wanted !== "") {
    throw new Error(`RECOUNT_IMAGES is "${wanted}"; it must be "local" or "registry"`);
  }
  for (const recipe of [localRecipe, registryRecipe]) {
    const label = [`${imageLabel}=node-${recipe.way}`];
    const listing: Promise<Docker.ImageInfo[]> = docker.listImages({ filters: JSON.stringify({ label }) });
    if ((await listing).length > 0)
      return { recipe, because: `${recipe.way}, as before on this engine`, mayFallBack: false };
  }
  try {
    await within(registryTimeoutMs, "the registry", docker.getImage(registryQuestion).distribution());
    return {
      recipe: registryRecipe,
      because: `a registry answers for ${registryQuestion}`,
      mayFallBack: true,
    };
  } catch (error) {
    const detail = messageOf(error).split(": ").at(-1);
    const because = `no registry answers (${detail}), so this machine's Node and Go are used`;
    return { recipe: localRecipe, because, mayFallBack: false };
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}
