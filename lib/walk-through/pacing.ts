import type { Target } from '../devices/device-folder';

/**
 * How fast clients may act on a target.
 *
 * AWS's values follow from its quotas: one CONNECT a second for a client id, and 100 messages a second on a connection, in and out
 * together; AWS drops what is above. A client cannot tell when AWS counts a CONNECT, so the interval is half a second longer. A
 * consumer's connection carries the messages of all cars, so the whole fleet keeps to half of the 100. On AWS a new subscription may
 * take effect some time after its SUBACK. Only a message that arrives proves that it has.
 */
export interface Pacing {
  /** Milliseconds between two CONNECTs with one client id. */
  readonly connectInterval: number;
  /** Milliseconds between two messages of the fleet. */
  readonly publishInterval: number;
  /** Milliseconds from one probe message to the next. @default - no probe is sent */
  readonly probeInterval?: number;
  /** Milliseconds for which a refused connection or subscription is tried again, until a new policy takes effect. @default - never */
  readonly retryTime?: number;
}

const pacings: Record<Target, Pacing> = {
  local: { connectInterval: 0, publishInterval: 0 },
  account: { connectInterval: 0, publishInterval: 0 },
  aws: { connectInterval: 1_500, publishInterval: 20, probeInterval: 500, retryTime: 30_000 },
};

/** How fast clients may act on this target. */
export function pacingOf(target: Target): Pacing {
  return pacings[target];
}

/**
 * How fast clients may act on a target after a policy of theirs was changed: a refusal may be by the old policy for longer.
 *
 * AWS takes 6 to 8 minutes to enforce a change of a policy: https://docs.aws.amazon.com/iot/latest/developerguide/iot-policies.html
 */
export function pacingAfterChange(target: Target): Pacing {
  const { retryTime, ...pacing } = pacings[target];
  return { ...pacing, retryTime: retryTime && 10 * 60_000 };
}

/** Whether a message that arrives twice is a fault. AWS may deliver a message twice, also at QoS 0. */
export function duplicatesAreFaults(target: Target): boolean {
  return target !== 'aws';
}
