import type { Target } from '../devices/device-folder';

/**
 * How a client behaves towards a target.
 *
 * AWS's figures are its quotas: one CONNECT a second per client id, and 100 messages a second on a connection in both directions
 * together, beyond which messages are dropped. A consumer's connection carries all cars' messages, so the fleet as a whole keeps
 * to half of that. A new subscription may take a moment there until it takes effect, and only a message that arrives proves that
 * it has.
 */
export interface Pacing {
  /** Milliseconds between two connects with one client id. */
  readonly connectInterval: number;
  /** Milliseconds between two messages of the fleet. */
  readonly publishInterval: number;
  /** Milliseconds to wait for a probe message before the next one; without it no probe is sent. */
  readonly probeInterval?: number;
}

const pacings: Record<Target, Pacing> = {
  local: { connectInterval: 0, publishInterval: 0 },
  aws: { connectInterval: 1_000, publishInterval: 20, probeInterval: 500 },
};

export function pacingOf(target: Target): Pacing {
  return pacings[target];
}

/** Exactly once is exactly once; only AWS reserves itself the right to deliver a message again, at QoS 0 too. */
export function duplicatesAreFaults(target: Target): boolean {
  return target === 'local';
}
