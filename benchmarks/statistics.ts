/** The middle of the sorted values; of an even number of them, the mean of the two in the middle. @throws RangeError without values */
export function median(values: readonly number[]): number {
  if (values.length === 0) throw new RangeError('No values have no median.');
  const sorted = [...values].sort((one, other) => one - other);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/**
 * The median of the ratios of two measurements, run by run: what differs between runs, such as the load of the machine, is in both parts of
 * each ratio.
 *
 * @throws RangeError if the two differ in their number of runs, or have none
 */
export function medianRatio(numerators: readonly number[], denominators: readonly number[]): number {
  if (numerators.length !== denominators.length) {
    throw new RangeError(`${numerators.length} runs cannot be compared with ${denominators.length}.`);
  }
  return median(numerators.map((numerator, run) => numerator / denominators[run]));
}

/**
 * The value that this share of the values does not exceed: the nearest rank. Undefined without values.
 *
 * @param share - above 0, at most 1
 */
export function percentile(values: readonly number[], share: number): number | undefined {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.ceil(sorted.length * share) - 1];
}
