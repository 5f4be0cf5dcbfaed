/** The ends of an interval around a share. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** The 0.975 quantile of the normal distribution, squared: for intervals of 95%. */
const zSquared = 1.959963984540054 * 1.959963984540054;

/**
 * The interval of 95% for a share of `hits` in `trials`, which must be more than 0 (E. B. Wilson, "Probable
 * Inference, the Law of Succession, and Statistical Inference", 1927). Unlike the textbook interval it is sound
 * for few trials, and where nothing or everything is a hit.
 */
export function wilsonInterval(hits: number, trials: number): Interval {
  const share = hits / trials;
  const middle = share + zSquared / (2 * trials);
  const spread = Math.sqrt(zSquared * ((share * (1 - share)) / trials + zSquared / (4 * trials * trials)));
  const scale = 1 + zSquared / trials;
  // Exactly 0 and 1 where rounding would come close.
  return {
    low: hits === 0 ? 0 : (middle - spread) / scale,
    high: hits === trials ? 1 : (middle + spread) / scale,
  };
}
