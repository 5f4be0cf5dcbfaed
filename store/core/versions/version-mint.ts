import type { Keyspace } from "../options/keyspace.ts";
import type { Policies } from "../policies.ts";
import type { ClientRequest } from "../request.ts";
import type { Runtime } from "../runtime.ts";
import type { Entry, State, Version, VersionVector } from "./version.ts";

/** Makes the versions of one life of one node, or of one client. */
export class VersionMint {
  readonly #id: string;
  readonly #runtime: Runtime;
  readonly #policies: Policies;
  readonly #incarnation: string;
  #sequence = 0;
  /** The greatest abd counter that this life of the node has given away. */
  #highestCounter = 0;
  /**
   * By keyspace with a hybrid clock: the greatest time of any version that was made or heard of. Each has its own:
   * the times of other keyspaces may be a client's, or counters.
   */
  readonly #hybridClocks = new Map<string, number>();

  constructor(id: string, keyspaces: readonly Keyspace[], runtime: Runtime, policies: Policies) {
    for (const { name, versions } of keyspaces) if (versions === "hlc") this.#hybridClocks.set(name, 0);
    this.#id = id;
    this.#runtime = runtime;
    this.#policies = policies;
    this.#incarnation = policies.incarnationOf(runtime);
  }

  /** An entry with the time of the keyspace's clock. */
  stamped(keyspace: Keyspace, request: ClientRequest, value: string | null): Entry {
    const { clientStampUs, clientId } = request;
    if (keyspace.stamp === "client" && clientStampUs !== undefined && clientId !== undefined) {
      // The same stamp of the same client is the same version, whichever node the client asks.
      const version = { time: clientStampUs, node: clientId, incarnation: "", sequence: 0 };
      return { version, value, deleted: value === null };
    }
    const clockUs = this.#policies.stampUs(this.#runtime);
    const highest = this.#hybridClocks.get(keyspace.name);
    let time = clockUs - (clockUs % keyspace.stampUnitUs);
    if (highest !== undefined) {
      time = this.#policies.hybridTime(clockUs, highest);
      if (time > highest) this.#hybridClocks.set(keyspace.name, time);
    }
    return entryOf(this.#named(time, this.#policies.stampSequence(this.#next())), value);
  }

  /** An entry with a counter above the version that a quorum knows. */
  counted(highest: Version | null, value: string | null): Entry {
    const known = highest === null ? 0 : highest.time;
    this.#highestCounter = this.#policies.nextCounter(known, this.#highestCounter, this.#runtime);
    return entryOf(this.version(this.#highestCounter), value);
  }

  /** The name of a new event of a key of which so much is known: a dot. */
  dot(keyspace: Keyspace, known: VersionVector): Version {
    return this.#policies.dot(keyspace, known, this.#id, this.#incarnation, this.#next());
  }

  /** A version with a counter of the caller's: a ballot. */
  version(time: number): Version {
    return this.#named(time, this.#next());
  }

  /** A hybrid clock hears what was in the log: it restarts above all that the node has stored. */
  heardLog(keyspace: string, state: State): void {
    if (this.#policies.restoresHybridClock()) this.heardState(keyspace, state);
  }

  /** A hybrid clock hears of a state: of a message, of an answer. */
  heardState(keyspace: string, state: State): void {
    if (this.#hybridClocks.size === 0) return;
    let highest = this.#hybridClocks.get(keyspace);
    if (highest === undefined) return;
    for (const { version } of state.entries) if (version.time > highest) highest = version.time;
    this.#hybridClocks.set(keyspace, highest);
  }

  #next(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /**
   * The incarnation makes the version unique before anything is on disk: a later life of this node cannot
   * mint it again, so it may be sent before the own replica has synced it.
   */
  #named(time: number, sequence: number): Version {
    return { time, node: this.#id, incarnation: this.#incarnation, sequence };
  }
}

function entryOf(version: Version, value: string | null): Entry {
  return { version, value, deleted: value === null };
}
