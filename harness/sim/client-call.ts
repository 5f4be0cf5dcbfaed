import type { Completion, Invocation } from "../contracts/target.ts";
import type { Scheduled } from "./scheduler.ts";

/** One request of a client, from its submission until the client has heard how it ended. */
export class ClientCall {
  readonly invocation: Invocation;
  /** Indices of the places at both ends. */
  readonly site: number;
  readonly node: number;
  /** The client's timestamp, in microseconds; null where clients do not stamp. */
  readonly stampUs: number | null;
  readonly done: (completion: Completion) => void;
  /** The life of the node that took the request; 0 before one has. */
  life: number;
  /** How it ends, once something is on the way back to the client. */
  completion: Completion | null;
  /** The node has answered, whether or not the answer gets through. */
  isAnswered: boolean;
  isOver: boolean;
  /** Pending until the client hears something. */
  expiry: Scheduled | null;

  constructor(
    invocation: Invocation,
    site: number,
    node: number,
    stampUs: number | null,
    done: (completion: Completion) => void,
  ) {
    this.invocation = invocation;
    this.site = site;
    this.node = node;
    this.stampUs = stampUs;
    this.done = done;
    this.life = 0;
    this.completion = null;
    this.isAnswered = false;
    this.isOver = false;
    this.expiry = null;
  }
}
