import { never } from "../../harness/history/history.ts";
import { dice } from "../search/random-problem.test-support.ts";
import type { KeyProblem } from "./key-problem.ts";

/** What the random operations of a key may be; shares are in percent. */
export interface KeyShape {
  readonly operations: number;
  readonly clients: number;
  readonly deletes: number;
  readonly cas: number;
  /** Whether compare-and-sets that meet another value are kept, as refusals. */
  readonly refusals: boolean;
  /** Writes that leave the value 1, whatever was written before. */
  readonly again: number;
  /** Operations of unknown outcome; half of them take effect. */
  readonly unknown: number;
  /** Answers that are drawn freely. */
  readonly lies: number;
}

/** A shape from the same numbers for the same seed: small enough that every order can be tried. */
export function anyShape(seed: number): KeyShape {
  const roll = dice(seed + 77_777);
  const one = (...choices: readonly number[]): number => choices[roll(choices.length)] ?? 0;
  return {
    operations: 2 + roll(one(5, 9, 14)),
    clients: 1 + roll(5),
    deletes: one(0, 0, 10, 25),
    cas: one(0, 20, 50),
    refusals: roll(4) === 0,
    again: one(0, 0, 0, 15),
    unknown: one(0, 10, 30),
    lies: one(0, 5, 15),
  };
}

interface Drawn {
  readonly call: number;
  ret: number;
  readonly kind: "read" | "write" | "cas";
  needs: number;
  refuses: number;
  leaves: number;
}

interface Client {
  readonly operation: Drawn;
  readonly isUnknown: boolean;
  isTaken: boolean;
}

/** The operations of clients of a correct register, some of them with changed answers. */
export function randomKey(shape: KeyShape, seed: number): KeyProblem {
  return problemOf(new RandomClients(shape, seed).drawn().filter((operation) => matters(operation, shape)));
}

class RandomClients {
  readonly #shape: KeyShape;
  readonly #roll: (n: number) => number;
  readonly #drawn: Drawn[] = [];
  readonly #running: Client[] = [];
  #state = 0;
  #place = 0;

  constructor(shape: KeyShape, seed: number) {
    this.#shape = shape;
    this.#roll = dice(seed);
  }

  drawn(): readonly Drawn[] {
    const { operations, clients } = this.#shape;
    while (this.#drawn.length < operations || this.#running.length > 0) {
      const mayStart = this.#drawn.length < operations && this.#running.length < clients;
      if (mayStart && this.#percent(50)) this.#start();
      const at = this.#roll(Math.max(1, this.#running.length));
      const client = this.#running[at];
      if (client !== undefined) this.#goOn(client, at);
    }
    return this.#drawn;
  }

  #percent(share: number): boolean {
    return this.#roll(100) < share;
  }

  #start(): void {
    const { deletes, again, cas, unknown } = this.#shape;
    const number = this.#drawn.length + 2;
    const kind = this.#percent(cas) ? "cas" : this.#percent(50) ? "write" : "read";
    const written = this.#percent(deletes) ? 0 : this.#percent(again) ? 1 : number;
    const expected = this.#percent(70) ? this.#state : this.#roll(number);
    const operation: Drawn = {
      kind,
      call: this.#place++,
      ret: never,
      needs: kind === "cas" ? expected : -1,
      refuses: -1,
      leaves: kind === "read" ? -1 : written,
    };
    this.#drawn.push(operation);
    this.#running.push({ operation, isTaken: false, isUnknown: this.#percent(unknown) });
  }

  #goOn(client: Client, at: number): void {
    if (!client.isTaken) {
      client.isTaken = true;
      if (!client.isUnknown || this.#percent(50)) this.#take(client);
      return;
    }
    if (!client.isUnknown) client.operation.ret = this.#place++;
    this.#running.splice(at, 1);
  }

  #take({ operation, isUnknown }: Client): void {
    const isLie = this.#percent(this.#shape.lies);
    if (operation.kind === "read") {
      operation.needs = isLie ? this.#roll(this.#drawn.length + 2) : this.#state;
    } else if (operation.kind === "write" || operation.needs === this.#state || isLie) {
      this.#state = operation.leaves;
    } else if (!isUnknown) {
      operation.refuses = operation.needs;
      operation.needs = -1;
      operation.leaves = -1;
    }
  }
}

function matters({ needs, refuses, leaves, ret }: Drawn, { refusals }: KeyShape): boolean {
  if (refuses >= 0) return refusals;
  return leaves >= 0 || (needs >= 0 && ret !== never);
}

/** A problem of these operations, in order of invocation. */
function problemOf(drawn: readonly Drawn[]): KeyProblem {
  const places = drawn
    .flatMap(({ call, ret }) => (ret === never ? [call] : [call, ret]))
    .sort((a, b) => a - b);
  const rank = new Map(places.map((place, at) => [place, at]));
  const column = (of: (operation: Drawn) => number): Int32Array => Int32Array.from(drawn, of);
  const events = new Int32Array(places.length);
  drawn.forEach(({ call, ret }, operation) => {
    events[rank.get(call) ?? 0] = operation;
    if (ret !== never) events[rank.get(ret) ?? 0] = ~operation;
  });
  const most = Math.max(1, ...drawn.map(({ needs, refuses, leaves }) => Math.max(needs, refuses, leaves)));
  return {
    length: drawn.length,
    rows: column((operation) => drawn.indexOf(operation)),
    events,
    valueIds: Int32Array.from({ length: most + 1 }, (_, value) => value),
    call: column(({ call }) => rank.get(call) ?? 0),
    ret: column(({ ret }) => (ret === never ? never : (rank.get(ret) ?? 0))),
    needs: column(({ needs }) => needs),
    refuses: column(({ refuses }) => refuses),
    leaves: column(({ leaves }) => leaves),
  };
}
