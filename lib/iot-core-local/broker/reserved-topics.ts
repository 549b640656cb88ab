import { quote } from '../mqtt/decode-error';
import { InvalidTopicError } from './invalid-topic-error';

/** What a client does with a topic. */
export type TopicUse = 'publish' | 'subscribe';

/** The services of AWS behind topics that begin with `$aws/`, by the second level of the topic. */
const services: ReadonlyMap<string, { readonly service: string; readonly uses: readonly TopicUse[] }> = new Map([
  [
    'things',
    { service: "things' shadows, jobs, streams, tunnels and Device Defender", uses: ['publish', 'subscribe'] },
  ],
  ['events', { service: 'events', uses: ['subscribe'] }],
  ['rules', { service: 'rules (Basic Ingest)', uses: ['publish'] }],
  ['certificates', { service: 'fleet provisioning', uses: ['publish', 'subscribe'] }],
  ['provisioning-templates', { service: 'fleet provisioning', uses: ['publish', 'subscribe'] }],
  ['commands', { service: 'commands', uses: ['publish', 'subscribe'] }],
  ['device_location', { service: 'device location', uses: ['publish', 'subscribe'] }],
  ['sitewise', { service: 'AWS IoT SiteWise', uses: ['subscribe'] }],
]);

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
  const [root, name] = topic.split('/', 2);
  const known = root === '$aws' ? services.get(name) : undefined;
  if (known?.uses.includes(use)) return known.service;
  const to = use === 'publish' ? 'publish' : 'subscribe';
  throw new InvalidTopicError(`AWS reserves topics that begin with "$", and no client may ${to} to ${quote(topic)}.`);
}
