import { randomBytes, randomInt } from "node:crypto";
import { performance } from "node:perf_hooks";
import type { Message } from "../core/messages.ts";
import type { Disk, Notes, Runtime, TimerHandle, TimerTarget } from "../core/runtime.ts";
import { WallClock } from "./wall-clock.ts";

/** The store's world in a real process: real clocks and timers; disk and network are handed in. */
export class ProcessRuntime implements Runtime {
  /** 64 bits from the system's generator: two lives of a process do not meet in the age of the universe. */
  readonly incarnation: string = randomBytes(8).toString("hex");
  readonly disk: Disk;
  readonly notes: Notes | null = null;
  readonly #clock = new WallClock();
  readonly #send: (to: string, message: Message) => void;
  readonly #timers = new Set<NodeJS.Timeout>();

  constructor(disk: Disk, send: (to: string, message: Message) => void) {
    this.disk = disk;
    this.#send = send;
  }

  wallClockUs(): number {
    return this.#clock.nowUs();
  }

  monotonicUs(): number {
    return Math.floor(performance.now() * 1_000);
  }

  /** Not repeatable, and need not be: nobody replays a real process. */
  draw(): number {
    return randomInt(0x8000_0000);
  }

  send(to: string, message: Message): void {
    this.#send(to, message);
  }

  after(delayUs: number, target: TimerTarget, tag: number): TimerHandle {
    const timer = setTimeout(
      () => {
        this.#timers.delete(timer);
        target.onTimer(tag);
      },
      Math.ceil(delayUs / 1_000),
    );
    this.#timers.add(timer);
    return timer;
  }

  cancel(timer: TimerHandle): void {
    const given = timer as NodeJS.Timeout;
    clearTimeout(given);
    this.#timers.delete(given);
  }

  /** Ends all timers: the node is going down. */
  close(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}
