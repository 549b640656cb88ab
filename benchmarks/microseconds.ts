/** Of the machine's monotonic clock, which its processes share. */
export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
