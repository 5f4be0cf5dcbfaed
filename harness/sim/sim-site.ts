import type { ClientConfig } from "../../store/core/client-node.ts";
import { ClientNode } from "../../store/core/client-node.ts";
import { noDisk } from "../../store/core/no-disk.ts";
import { Purpose } from "../base/draw.ts";
import { InvariantViolation, present } from "../base/invariant.ts";
import { notesFor } from "./notes.ts";
import type { SimEvent } from "./sim-event.ts";
import { EventKind } from "./sim-event.ts";
import type { Place } from "./sim-runtime.ts";
import { SimRuntime } from "./sim-runtime.ts";

/** A site has one life: clients do not crash. */
const onlyLife = 1;

/** Where clients stand: their clock, and the client that coordinates for them where nodes do not. */
export class SimSite {
  readonly id: string;
  readonly #place: Place;
  /** Null where every keyspace is coordinated by nodes. */
  readonly client: ClientNode | null;

  constructor(place: Place, config: ClientConfig) {
    this.id = config.id;
    this.#place = place;
    const isNeeded = config.keyspaces.some(({ coordinate }) => coordinate === "client");
    this.client = isNeeded ? new ClientNode(config, this.#runtime()) : null;
  }

  /** Reads the clock that its clients share: later than every reading before. */
  stampUs(): number {
    return this.#place.clock.read(this.#place.world.nowUs);
  }

  /** Something comes due at the site's own client. */
  handle(event: SimEvent): void {
    const client = present(this.client, "the client that an event is for");
    const { network, index } = this.#place;
    switch (event.kind) {
      case EventKind.deliver: {
        const message = present(event.message, "a delivered message");
        network.traceMessage(event, message, "delivered");
        client.receive(network.nameOf(event.peer), message);
        return;
      }
      case EventKind.timer:
        present(event.timer, "the target of a timer").onTimer(event.tag);
        return;
      case EventKind.depart:
        network.transmit(index, event.peer, present(event.message, "a departing message"));
        return;
      default:
        throw new InvariantViolation(`an event of kind ${event.kind} at the site ${this.id}`);
    }
  }

  #runtime(): SimRuntime {
    const { world, code } = this.#place;
    const half = (part: number): string =>
      world.draw(Purpose.incarnation, 0, code, part).toString(16).padStart(8, "0");
    const notes = world.trace === null ? null : notesFor(world, this.id, world.trace);
    return new SimRuntime(this.#place, noDisk, onlyLife, half(0) + half(1), notes);
  }
}
