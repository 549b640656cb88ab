/**
 * The time, as IoT Core Local reads it. No other file of it reads a clock; `npm run lint` checks this.
 *
 * A timer of Node.js needs none: it counts by a monotonic clock of its own.
 */
export interface Clocks {
  /** Milliseconds since 1970, for times that are reported and for the validity of certificates. It may be changed at any time. */
  readonly wall: () => number;
  /** Milliseconds since some moment, for all waiting: timeouts, expiry, quotas and pace. It never goes back. */
  readonly monotonic: () => number;
}

/** The clocks of this machine. */
export const systemClocks: Clocks = { wall: () => Date.now(), monotonic: () => performance.now() };
