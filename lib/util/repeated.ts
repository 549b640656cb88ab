/** The first value that a list has again; undefined if it has none twice. Lists may be as long as a request. */
export function repeated<T>(values: Iterable<T>): T | undefined {
  const seen = new Set<T>();
  for (const value of values) {
    if (seen.has(value)) return value;
    seen.add(value);
  }
  return undefined;
}
