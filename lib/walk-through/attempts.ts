import type { Device, Fleet } from '../fleet/fleet';
import { describeFailure, type Failure } from './client-failure';

/** Something that the fleet's policies, or AWS IoT Core itself, must refuse. */
export type Attempt =
  /** A car listens to what the cars say. */
  | { readonly kind: 'listen'; readonly device: Device; readonly topicFilter: string }
  /** A car publishes where its fleet does not. */
  | { readonly kind: 'stray'; readonly device: Device; readonly topic: string }
  /** A car leaves a message for whoever subscribes later. */
  | { readonly kind: 'retain'; readonly device: Device; readonly topic: string }
  /** A subscriber passes itself off as a car. */
  | { readonly kind: 'publish'; readonly device: Device; readonly topic: string }
  /** A subscriber takes its share of what another group is due, and so takes it from that group. */
  | { readonly kind: 'join'; readonly device: Device; readonly topicFilter: string }
  /** A subscriber wants all messages instead of its group's share, or all topics instead of the fleet's. */
  | { readonly kind: 'widen'; readonly device: Device; readonly topicFilter: string }
  /** A device connects under the client id of another, which would throw that one out. */
  | { readonly kind: 'impersonate'; readonly device: Device; readonly victim: Device }
  /** A client has a certificate, under the right name, of a certificate authority that nobody here knows. */
  | { readonly kind: 'forge'; readonly victim: Device };

export type AttemptKind = Attempt['kind'];

/** What became of an attempt, and how one knows. */
export type Outcome =
  | { readonly refused: true; readonly answer: string }
  | { readonly refused: false; readonly reason: string };

/** All that is tried. Each client id is impersonated once, so that no attempt can throw out another. */
export function forbiddenAttempts(fleet: Fleet): Attempt[] {
  const { topic, devices, cars, subscribers } = fleet;
  const impersonated = devices.length > 1 ? devices : [];
  return [
    ...cars.flatMap((device): Attempt[] => [
      { kind: 'listen', device, topicFilter: topic },
      { kind: 'stray', device, topic: neighbourOf(topic) },
      { kind: 'retain', device, topic },
    ]),
    ...subscribers.flatMap((device): Attempt[] => [
      { kind: 'publish', device, topic },
      { kind: 'join', device, topicFilter: `$share/${foreignGroup(fleet, device)}/${topic}` },
      { kind: 'widen', device, topicFilter: device.role === 'member' ? topic : '#' },
    ]),
    ...impersonated.map((victim, index): Attempt => ({ kind: 'impersonate', device: devices.at(index - 1)!, victim })),
    { kind: 'forge', victim: devices[0] },
  ];
}

/** An attempt as the beginning of a sentence: `car1 subscribing to cars/data`. */
export function describeAttempt(attempt: Attempt): string {
  switch (attempt.kind) {
    case 'listen':
    case 'join':
    case 'widen':
      return `${attempt.device.thingName} subscribing to ${attempt.topicFilter}`;
    case 'retain':
      return `${attempt.device.thingName} retaining a message on ${attempt.topic}`;
    case 'stray':
    case 'publish':
      return `${attempt.device.thingName} publishing to ${attempt.topic}`;
    case 'impersonate':
      return `${attempt.device.thingName} connecting as ${attempt.victim.clientId}`;
    case 'forge':
      return `A client with another CA's certificate connecting as ${attempt.victim.clientId}`;
  }
}

/**
 * Whether a failure is AWS's way to refuse this attempt. That nothing came back, or that there was no network, is no refusal.
 *
 * MQTT 5 answers with reason code 0x87, Not authorized. Under MQTT 3.1.1, which has none for it, AWS IoT Core closes the connection.
 * A certificate that it does not know ends the TLS handshake, at the latest the connection before any CONNACK.
 */
export function judge(attempt: Attempt, failure: Failure, mqtt: 3 | 5): Outcome {
  return isRefusal(attempt, failure, mqtt)
    ? { refused: true, answer: describeFailure(failure) }
    : { refused: false, reason: describeFailure(failure) };
}

const notAuthorized = 0x87;
/** The return codes of MQTT 3.1.1 that AWS does not promise, but that say no all the same. */
const legacyRefusals: Partial<Record<string, number>> = { CONNACK: 0x05, SUBACK: 0x80 };

function isRefusal({ kind }: Attempt, failure: Failure, mqtt: 3 | 5): boolean {
  if (kind === 'forge') return failure.kind === 'alert' || failure.kind === 'closed';
  if (failure.kind === 'answer') return failure.code === (mqtt === 5 ? notAuthorized : legacyRefusals[failure.packet]);
  return failure.kind === 'closed' && mqtt === 3;
}

/** A group that the device is not in: one of the fleet's if there is one, so that something would be lost. */
function foreignGroup({ groups }: Fleet, device: Device): string {
  const own = device.role === 'member' ? device.shareName : undefined;
  const names = [...groups.keys()];
  return names.find((name) => name !== own) ?? `not-${own}`;
}

/** Another topic of the same levels, but for the last. */
function neighbourOf(topic: string): string {
  const levels = topic.split('/');
  const last = levels.pop();
  return [...levels, last === 'x' ? 'y' : 'x'].join('/');
}
