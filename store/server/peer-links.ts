import { parseAddress } from "../client/address.ts";
import type { NodeLink } from "../client/http-client.ts";
import { encodeMessage } from "../client/message-codec.ts";
import { WireError } from "../client/wire.ts";
import type { NodeMember } from "../core/membership/membership-state.ts";
import type { Message } from "../core/messages.ts";
import { PeerLink } from "./peer-link.ts";

/** How long a link to a node that has left is kept: it is told so by then. Chosen, twice what the core takes. */
const farewellMs = 60_000;

interface LinksPlan {
  readonly self: string;
  readonly secret: string;
  log(line: string): void;
}

/** The links of a node to its peers, which come and go with the members of the cluster. */
export class PeerLinks {
  readonly #plan: LinksPlan;
  readonly #links = new Map<string, { readonly address: string; readonly link: PeerLink }>();
  readonly #leaving = new Map<string, NodeJS.Timeout>();
  #isDialling = false;

  constructor(plan: LinksPlan) {
    this.#plan = plan;
  }

  /** Keeps links to these members. One with a new address gets a new link; one that has left is let go later. */
  follow(members: readonly NodeMember[]): void {
    const wanted = new Map(members.map(({ id, address }) => [id, address]));
    wanted.delete(this.#plan.self);
    for (const [id, { address }] of this.#links) {
      if (!wanted.has(id)) this.#leave(id);
      else if (wanted.get(id) !== address) this.#drop(id);
    }
    for (const [id, address] of wanted) {
      this.#stay(id);
      if (!this.#links.has(id)) this.#add(id, address);
    }
  }

  /** From now on links dial. */
  dialAll(): void {
    this.#isDialling = true;
    for (const { link } of this.#links.values()) link.dial();
  }

  get(peer: string): PeerLink | undefined {
    return this.#links.get(peer)?.link;
  }

  get states(): readonly NodeLink[] {
    return [...this.#links.values()].map(({ link }) => link.state);
  }

  /** Sends, or loses: a message that no frame can hold is lost. False where nobody of that name is linked. */
  send(to: string, message: Message): boolean {
    const link = this.get(to);
    if (link === undefined) return false;
    try {
      link.send(encodeMessage(message));
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      link.drop(error.message);
    }
    return true;
  }

  close(): void {
    for (const id of [...this.#leaving.keys()]) this.#stay(id);
    for (const { link } of this.#links.values()) link.close();
  }

  #leave(id: string): void {
    if (this.#leaving.has(id)) return;
    const timer = setTimeout(() => this.#drop(id), farewellMs);
    this.#leaving.set(id, timer);
  }

  #stay(id: string): void {
    clearTimeout(this.#leaving.get(id));
    this.#leaving.delete(id);
  }

  #drop(id: string): void {
    this.#stay(id);
    this.#links.get(id)?.link.close();
    this.#links.delete(id);
  }

  #add(id: string, address: string | undefined): void {
    const dial = parseAddress(address ?? "");
    if (address === undefined || dial === null) {
      this.#plan.log(`member ${id} has no address that could be dialled`);
      return;
    }
    const { self, secret, log } = this.#plan;
    const link = new PeerLink({ self, peer: id, secret, ...dial }, log);
    this.#links.set(id, { address, link });
    if (this.#isDialling) link.dial();
  }
}
