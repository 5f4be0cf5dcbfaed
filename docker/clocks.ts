import type { StartedContainer } from "./loopback-container.ts";

/** libfaketime reads it once a second; the image's environment says where it is (store.Dockerfile). */
const clockFile = "/clock/faketime";

/** Longest time until libfaketime has looked: FAKETIME_CACHE_DURATION, and as much again for a busy machine. */
export const clockSettleMs = 4_000;

/**
 * Sets a node's wall clock this far ahead, or behind when negative. Works too while the node is down. The
 * monotonic clock stays as it is (DONT_FAKE_MONOTONIC).
 */
export async function setClock(container: StartedContainer, offsetUs: number): Promise<void> {
  const sign = offsetUs < 0 ? "-" : "+";
  const micros = Math.abs(Math.round(offsetUs));
  const seconds = `${Math.floor(micros / 1_000_000)}.${String(micros % 1_000_000).padStart(6, "0")}`;
  await container.write(clockFile, `${sign}${seconds}s\n`);
}
