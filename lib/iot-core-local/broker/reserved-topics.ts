import { quote } from '../mqtt/decode-error';
import { InvalidTopicError } from './invalid-topic-error';

/** What a client does with a topic. */
export type TopicUse = 'publish' | 'subscribe';

interface ReservedTopics {
  readonly service: string;
  readonly uses: readonly TopicUse[];
  /** The most slashes of a topic, where AWS's own topics have more than AWS's limit. @default - AWS's limit */
  readonly slashes?: number;
}

/** The services of AWS behind topics that begin with `$aws/`, by the second level of the topic. */
const services: ReadonlyMap<string, ReservedTopics> = new Map<string, ReservedTopics>([
  [
    'things',
    { service: "things' shadows, jobs, streams, tunnels and Device Defender", uses: ['publish', 'subscribe'] },
  ],
  ['events', { service: 'events', uses: ['subscribe'] }],
  ['rules', { service: 'rules (Basic Ingest)', uses: ['publish'] }],
  ['certificates', { service: 'fleet provisioning', uses: ['publish', 'subscribe'] }],
  ['provisioning-templates', { service: 'fleet provisioning', uses: ['publish', 'subscribe'] }],
  // `$aws/commands/things/car1/executions/1/response/accepted/json`
  ['commands', { service: 'commands', uses: ['publish', 'subscribe'], slashes: 8 }],
  ['device_location', { service: 'device location', uses: ['publish', 'subscribe'] }],
  ['iotfleetwise', { service: 'AWS IoT FleetWise', uses: ['publish', 'subscribe'] }],
  // `$aws/iotwireless/events/proximity/beacon_discovered/sidewalk/sidewalk_accounts/amazon_id/1`
  ['iotwireless', { service: 'AWS IoT Wireless', uses: ['subscribe'], slashes: 8 }],
  ['sitewise', { service: 'AWS IoT SiteWise', uses: ['subscribe'] }],
]);

/** @returns the topics of the service that a reserved topic belongs to; undefined if it belongs to none */
function reservedTopics(topic: string): ReservedTopics | undefined {
  const [root, name] = topic.split('/', 2);
  return root === '$aws' ? services.get(name) : undefined;
}

/**
 * The most slashes of a reserved topic or topic filter.
 *
 * @returns undefined where AWS's limit for all topics holds
 * @see https://github.com/aws/aws-iot-device-sdk-java-v2, IotCommandsV2Client, which subscribes to topics of 8 slashes
 * @see https://docs.aws.amazon.com/iot-wireless/latest/developerguide/iot-wireless-events.html
 */
export function reservedSlashes(topic: string): number | undefined {
  return reservedTopics(topic)?.slashes;
}

/**
 * Checks a topic, or a topic filter without `$share/…/`, that begins with `$`: AWS reserves these, and lets clients use only those of its
 * own services.
 *
 * @returns the service of AWS that the topic belongs to, which IoT Core Local does not have; undefined for a topic that is not reserved
 * @throws InvalidTopicError for any other reserved topic
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html
 */
export function reservedService(topic: string, use: TopicUse): string | undefined {
  if (!topic.startsWith('$')) return undefined;
  if (use === 'publish' && (topic === '$share' || topic.startsWith('$share/'))) {
    throw new InvalidTopicError(`A "$share/…" topic is for subscribing, not for publishing: ${quote(topic)}.`);
  }
  const known = reservedTopics(topic);
  if (known?.uses.includes(use)) return known.service;
  const to = use === 'publish' ? 'publish' : 'subscribe';
  throw new InvalidTopicError(`AWS reserves topics that begin with "$", and no client may ${to} to ${quote(topic)}.`);
}
