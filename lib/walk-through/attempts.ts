import type { Device, Fleet } from '../fleet/fleet';
import { describeFailure, type Failure, refusesCertificate } from './clients/client-failure';
import { lookalikeClientId, lookalikeFilter, lookalikeTopic, wildcardFilters } from './lookalikes';

/** An attempt that the fleet's policies, or AWS IoT Core itself, must refuse. */
export type Attempt =
  /** A car subscribes to the fleet's topic. */
  | { readonly kind: 'listen'; readonly device: Device; readonly topicFilter: string }
  /** A car publishes to a lookalike of the topic. */
  | { readonly kind: 'stray'; readonly device: Device; readonly topic: string }
  /** A car leaves a retained message on the topic. */
  | { readonly kind: 'retain'; readonly device: Device; readonly topic: string }
  /** A subscriber publishes to the topic. */
  | { readonly kind: 'publish'; readonly device: Device; readonly topic: string }
  /** A device joins a group that it is not in, and so takes a share of that group's messages. */
  | { readonly kind: 'join'; readonly device: Device; readonly topicFilter: string }
  /** A member subscribes to the topic without its group, and so gets every message. */
  | { readonly kind: 'bypass'; readonly device: Device; readonly topicFilter: string }
  /** A subscriber subscribes to a lookalike of its topic filter. */
  | { readonly kind: 'widen'; readonly device: Device; readonly topicFilter: string }
  /** A device subscribes by a filter with `+` or `#` that matches the topic, without a group or in its own. */
  | { readonly kind: 'overhear'; readonly device: Device; readonly topicFilter: string }
  /** A device connects under the client id of another, which would disconnect that one. */
  | { readonly kind: 'impersonate'; readonly device: Device; readonly victim: Device }
  /** A device connects under a lookalike of its client id, and so once more. */
  | { readonly kind: 'invent'; readonly device: Device; readonly clientId: string }
  /** A client has a certificate with the right name from an unknown certificate authority. */
  | { readonly kind: 'forge'; readonly victim: Device };

export type AttemptKind = Attempt['kind'];

const connectKinds = ['impersonate', 'invent', 'forge'] as const;

/** An attempt that needs a connection of its own. */
export type ConnectAttempt = Extract<Attempt, { readonly kind: (typeof connectKinds)[number] }>;

/** Whether an attempt was refused: the answer that shows it, or the reason why it does not count as refused. */
export type Outcome =
  | { readonly refused: true; readonly answer: string }
  | { readonly refused: false; readonly reason: string };

/**
 * All forbidden attempts.
 *
 * At least one of them is allowed, and so reported, if a device's policy has grown in one of these ways:
 * - A `*` stands for any part of its client id, of the topic that it publishes to, or of its topic filter.
 * - A car's or a member's policy has the topic as a topic filter.
 * - It has a topic filter with `+` in place of one level of the topic, or `#` in place of its last levels. A member's may have it behind
 *   `$share/<its group>/`.
 *
 * Nobody tries to receive from other topics: without a subscription, that right gives nothing. Nobody tries to publish to a topic with `+`
 * or `#`: MQTT allows it to nobody.
 */
export function forbiddenAttempts(fleet: Fleet): Attempt[] {
  const { topic, devices, cars, subscribers } = fleet;
  const impersonated = devices.length > 1 ? devices : [];
  return [
    ...cars.flatMap((device): Attempt[] => [
      { kind: 'listen', device, topicFilter: topic },
      { kind: 'join', device, topicFilter: `$share/${foreignGroup(fleet, device)}/${topic}` },
      { kind: 'stray', device, topic: lookalikeTopic(device) },
      { kind: 'retain', device, topic },
      ...overheard(device),
    ]),
    ...subscribers.flatMap((device): Attempt[] => [
      { kind: 'publish', device, topic },
      { kind: 'join', device, topicFilter: `$share/${foreignGroup(fleet, device)}/${topic}` },
      ...(device.role === 'member' ? [{ kind: 'bypass', device, topicFilter: topic } as const] : []),
      { kind: 'widen', device, topicFilter: lookalikeFilter(device) },
      ...overheard(device),
    ]),
    ...impersonated.map((victim, index): Attempt => ({ kind: 'impersonate', device: devices.at(index - 1)!, victim })),
    ...devices.map((device): Attempt => ({ kind: 'invent', device, clientId: lookalikeClientId(device) })),
    { kind: 'forge', victim: devices[0] },
  ];
}

/** Whether an attempt needs a connection of its own. The others are made on the device's. */
export function isConnectAttempt(attempt: Attempt): attempt is ConnectAttempt {
  return connectKinds.some((kind) => kind === attempt.kind);
}

/** The client id that an attempt connects under. */
export function clientIdOf(attempt: ConnectAttempt): string {
  return attempt.kind === 'invent' ? attempt.clientId : attempt.victim.clientId;
}

/** An attempt as the beginning of a sentence: `car1 subscribing to cars/data`. */
export function describeAttempt(attempt: Attempt): string {
  switch (attempt.kind) {
    case 'listen':
    case 'join':
    case 'bypass':
    case 'widen':
    case 'overhear':
      return `${attempt.device.thingName} subscribing to ${attempt.topicFilter}`;
    case 'retain':
      return `${attempt.device.thingName} retaining a message on ${attempt.topic}`;
    case 'stray':
    case 'publish':
      return `${attempt.device.thingName} publishing to ${attempt.topic}`;
    case 'impersonate':
    case 'invent':
      return `${attempt.device.thingName} connecting as ${clientIdOf(attempt)}`;
    case 'forge':
      return `A client with another CA's certificate connecting as ${attempt.victim.clientId}`;
  }
}

/**
 * Decides whether a failure is a refusal by AWS IoT Core. Silence and a broken network are not refusals.
 *
 * MQTT 5 has reason code 0x87, Not authorized. MQTT 3.1.1 has no such code, so AWS IoT Core closes the connection.
 * An unknown certificate ends the TLS handshake, or the connection before any CONNACK.
 */
export function judge(attempt: Attempt, failure: Failure, mqtt: 3 | 5): Outcome {
  return isRefusal(attempt, failure, mqtt)
    ? { refused: true, answer: describeFailure(failure) }
    : { refused: false, reason: describeFailure(failure) };
}

const notAuthorized = 0x87;
/** Return codes of MQTT 3.1.1 that mean a refusal, although AWS does not document them. */
const legacyRefusals: Partial<Record<string, number>> = { CONNACK: 0x05, SUBACK: 0x80 };

function isRefusal({ kind }: Attempt, failure: Failure, mqtt: 3 | 5): boolean {
  if (kind === 'forge') {
    return failure.kind === 'closed' || (failure.kind === 'alert' && refusesCertificate(failure.number));
  }
  if (failure.kind === 'answer') return failure.code === (mqtt === 5 ? notAuthorized : legacyRefusals[failure.packet]);
  return failure.kind === 'closed' && mqtt === 3;
}

/**
 * Subscriptions by filters with wildcards. In a policy `+` and `#` are plain characters, so no other attempt finds a statement that names them.
 * A member tries each filter without its group and in it, because its policy can have one without the other.
 */
function overheard(device: Device): Attempt[] {
  const filters = wildcardFilters(device.topic);
  const shared = device.role === 'member' ? filters.map((filter) => `$share/${device.shareName}/${filter}`) : [];
  return [...filters, ...shared].map((topicFilter) => ({ kind: 'overhear', device, topicFilter }));
}

/** A group that the device is not in. One of the fleet's groups if there is one, so that a message could be lost. */
function foreignGroup({ groups }: Fleet, device: Device): string {
  const own = device.role === 'member' ? device.shareName : undefined;
  const names = [...groups.keys()];
  return names.find((name) => name !== own) ?? (own === undefined ? 'group1' : `not-${own}`);
}
