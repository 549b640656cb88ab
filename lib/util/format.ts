/** A count with thousands separators. */
export function grouped(count: number): string {
  return count.toLocaleString('en');
}

/** Bytes, in units of 1,000,000. */
export function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
