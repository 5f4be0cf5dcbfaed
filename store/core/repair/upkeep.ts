import type { Message } from "../messages.ts";
import { MessageKind } from "../messages.ts";
import type { NodeContext } from "../node-context.ts";
import { AntiEntropy } from "./anti-entropy.ts";
import type { OwnedSpace } from "./group-trees.ts";
import { TombstoneCollector } from "./tombstone-collector.ts";
import { TombstonePurge } from "./tombstone-purge.ts";

/** What a replica does without being asked: it compares itself with its peers, and gets rid of tombstones. */
export class Upkeep {
  readonly #antiEntropy: AntiEntropy | null;
  readonly #collector: TombstoneCollector | null;
  readonly #purge: TombstonePurge | null;

  /** To be made before recovery, of which it must hear. */
  constructor(context: NodeContext, space: OwnedSpace) {
    const { antiEntropyMs, deletes } = space.keyspace;
    this.#antiEntropy = antiEntropyMs === null ? null : new AntiEntropy(context, space, antiEntropyMs);
    this.#collector =
      deletes.graceMs === null ? null : new TombstoneCollector(context, space, deletes.graceMs);
    this.#purge = deletes.kind === "purge" ? new TombstonePurge(context, space) : null;
  }

  /** Begins the background work. */
  start(): void {
    this.#antiEntropy?.start();
    this.#collector?.start();
    this.#purge?.start();
  }

  /** Takes a message between two replicas that nobody asked for. */
  receive(from: string, message: Message): void {
    if (isAboutTombstone(message.kind)) this.#purge?.receive(from, message);
    else this.#antiEntropy?.receive(from, message);
  }
}

function isAboutTombstone(kind: number): boolean {
  return kind >= MessageKind.tombstoneQuery && kind <= MessageKind.tombstonePurged;
}
