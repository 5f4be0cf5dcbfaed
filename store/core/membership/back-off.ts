/** Microseconds until the first repetition. Chosen: above a round trip between data centres. */
const firstUs = 100_000;
/** Chosen: a node that is back is found soon, and one that is away costs next to nothing. */
const longestUs = 5_000_000;

/** Microseconds to wait for an answer before the question is asked again, after so many repetitions. */
export function backOffUs(repetitions: number): number {
  let delayUs = firstUs;
  for (let done = 0; done < repetitions && delayUs < longestUs; done += 1) delayUs *= 2;
  return Math.min(delayUs, longestUs);
}
