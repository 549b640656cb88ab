import { parseTopicFilter } from '../../lib/iot-core-local/broker/topic-filter';
import { DecodeError } from '../../lib/iot-core-local/mqtt/decode-error';
import type { ClientPacket, SubscriptionRequest } from '../../lib/iot-core-local/mqtt/packets';
import { clientPackets } from '../../test/codec/client-packets';
import { decoderFor } from '../../test/codec/decoders';
import { malformedPackets } from '../../test/codec/malformed-packets';
import { conversations } from '../../test/conformance/cases';
import { Wire } from '../../test/conformance/wire';
import type { Version } from '../../test/support/raw-client';
import { pick, type Random } from '../random';
import { mutate } from './mutate';

/** The bytes that one client sends on one connection. */
export interface HostileStream {
  readonly bytes: Buffer;
  /** How many mutated packets are in it. */
  readonly packets: number;
}

/** The most packets before the last one. */
const longest = 80;

const samples = { 4: samplesOf(4), 5: samplesOf(5) };

/**
 * Mutated packets for one connection. The codec can read all but the last, so that they reach the broker. The last may be anything, and
 * ends most connections.
 */
export function hostileStream(random: Random): HostileStream {
  const version: Version = random(2) === 0 ? 4 : 5;
  const { connects, others, all } = samples[version];
  // One CONNECT of four is mutated, too. Most of those end their connection.
  const opensWell = random(4) > 0;
  const opening = pick(random, connects);
  const stream = [opensWell ? opening : mutate(random, opening, all)];
  for (let left = opensWell ? random(longest) : 0; left > 0; left -= 1) {
    stream.push(takenMutant(random, version, others));
  }
  stream.push(mutate(random, pick(random, all), all));
  return { bytes: Buffer.concat(stream), packets: stream.length - (opensWell ? 1 : 0) };
}

function takenMutant(random: Random, version: Version, among: readonly Buffer[]): Buffer {
  for (;;) {
    const mutant = mutate(random, pick(random, among), among);
    if (isTaken(mutant, version)) return mutant;
  }
}

/** Whether a connection stays open after these bytes, as far as one can tell without a broker. */
function isTaken(bytes: Buffer, version: Version): boolean {
  try {
    const decoder = decoderFor(bytes, version);
    decoder.push(bytes);
    const packet = decoder.read();
    return packet !== undefined && decoder.read() === undefined && !endsConnection(packet);
  } catch (error) {
    if (error instanceof DecodeError) return false;
    throw error;
  }
}

function endsConnection(packet: ClientPacket): boolean {
  switch (packet.type) {
    case 'connect':
    case 'disconnect':
      return true;
    case 'publish':
      return packet.qos === 2 || packet.topicAlias !== undefined;
    case 'subscribe':
      return packet.subscriptionIdentifier !== undefined || packet.subscriptions.some(isRefused);
    default:
      return false;
  }
}

function isRefused({ topicFilter, qos }: SubscriptionRequest): boolean {
  try {
    parseTopicFilter(topicFilter);
    return qos === 2;
  } catch {
    return true;
  }
}

/** The packets that clients send in the conformance tests and in the codec's tables. */
function samplesOf(version: Version) {
  const sent = conversations(version).flatMap(({ steps }) =>
    steps.flatMap(([, sends]) => (typeof sends === 'symbol' ? [] : [sends])),
  );
  const valid = clientPackets.filter((each) => each.version === version).map(({ bytes }) => bytes);
  const malformed = malformedPackets
    .filter(({ versions }) => versions.includes(version))
    .map(({ bytes }) => bytes(version));
  const others = [...sent, ...valid].filter(({ length, 0: firstByte }) => length > 0 && firstByte >> 4 !== 1);
  const wire = new Wire(version, `fuzz ${version}`);
  const will = { topic: 'will', payload: 'gone' };
  // Few client ids, so that clients take over each other's connections and sessions.
  const connects = Array.from('abcdefghijklmnopqrstuvwxyz', (who) => [
    wire.connect(who),
    wire.connect(who, { kept: true }),
    wire.connect(who, { will: { ...will, retain: true } }),
  ]).flat();
  return { connects, others, all: [...connects, ...others, ...malformed] };
}
