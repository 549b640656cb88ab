import { packet, sized } from '../../benchmarks/mqtt-bytes';
import { type ConformanceCase, closed, goes } from './conversation';
import { nothing, pingreq, pingresp, type Wire } from './wire';

/** CONNECT with a client id as it stands, not one of the case's own. */
const connectAs = (wire: Wire, clientId: string, flags = 0x02) => wire.connectOf(flags, [], sized(clientId));

/** CONNACK of 3.1.1 with return code 1, for a client whose version is not known. */
const unacceptableVersion = Buffer.of(0x20, 2, 0, 1);

/** How a connection is opened, or is not. MQTT 3.1 and 3.2. */
export const connectCases: readonly ConformanceCase[] = [
  {
    name: 'CONNECT is answered by one CONNACK before anything else, without properties that were not requested',
    shows: {
      4: '3.1.4-4 3.2.0-1 3.2.2-1 7.1.1-1',
      5: '3.1.4-5 3.2.0-1 3.2.0-2 3.2.2-1 3.2.2-2 3.2.2-8 3.2.2-9 4.2.0-1 4.12.0-6',
    },
    steps: (wire) => [['a', Buffer.concat([wire.connect('a'), pingreq]), wire.connack(), pingresp]],
  },
  ...[0, 1].map(
    (asked): ConformanceCase => ({
      name: `CONNACK has no Response Information, which is optional, if ${asked} was requested`,
      shows: { 5: '3.1.2-28' },
      steps: (wire) => [['a', wire.connect('a', { properties: [[0x19, asked]] }), wire.connack()]],
    }),
  ),
  {
    name: 'a connection that begins with another packet is closed, without a DISCONNECT',
    shows: { 4: '3.1.0-1 4.8.0-1', 5: '3.1.0-1 3.14.0-1' },
    steps: () => [['a', pingreq, closed]],
  },
  {
    name: 'a second CONNECT ends the connection, and packets behind it are not handled',
    shows: { 4: '3.1.0-2 4.8.0-1', 5: '3.1.0-2 3.14.2-2 3.14.4-1 3.14.4-2 4.13.1-1 4.13.2-1' },
    steps: (wire) => [
      ['a', wire.connect('a'), wire.connack()],
      ['a', Buffer.concat([wire.connect('a'), pingreq]), wire.farewell(0x82), closed],
    ],
  },
  ...[
    ['MQTZ', 4],
    ['MQIsdp', 3],
  ].map(
    ([name, level]): ConformanceCase => ({
      name: `the protocol ${name} is refused`,
      shows: { 4: '3.1.2-1', 5: '3.1.2-1' },
      steps: () => [
        [
          'a',
          packet(0x10, sized(name as string), level as number, 2, [0, 60], sized('a')),
          unacceptableVersion,
          closed,
        ],
      ],
    }),
  ),
  ...[3, 6].map(
    (level): ConformanceCase => ({
      name: `the protocol version ${level} is refused`,
      shows: { 4: '3.1.2-2 3.2.2-4 3.2.2-5', 5: '3.1.2-2 3.2.2-6 3.2.2-7' },
      steps: () => [['a', packet(0x10, sized('MQTT'), level, 2, [0, 60], sized('a')), unacceptableVersion, closed]],
    }),
  ),
  {
    name: 'a CONNECT with the reserved flag is refused, under 3.1.1 without a CONNACK',
    shows: { 4: '3.1.2-3 3.1.4-1 3.2.2-6', 5: '3.1.2-3 3.1.4-1 3.2.2-7' },
    steps: (wire) => [['a', connectAs(wire, 'a', 0x03), wire.refusal(0x81), closed]],
  },
  {
    name: 'a will of QoS 2 is refused',
    shows: { 5: '3.2.2-12' },
    steps: (wire) => [['a', wire.connect('a', { will: { topic: wire.topic, qos: 2 } }), wire.refusal(0x9b), closed]],
  },
  {
    name: 'an authentication method is refused',
    shows: { 5: '4.12.0-1' },
    steps: (wire) => [
      ['a', wire.connect('a', { properties: [[0x15, ...sized('SCRAM-SHA-1')]] }), wire.refusal(0x8c), closed],
    ],
  },
  ...['Z', '0123456789abcdefghijklm', 'nopqrstuvwxyzABCDEFGHIJ', 'KLMNOPQRSTUVWXY'].map(
    (clientId): ConformanceCase => ({
      name: `the client id ${clientId} is taken`,
      shows: { 4: '3.1.3-5', 5: '3.1.3-5' },
      steps: (wire) => [['a', connectAs(wire, clientId), wire.connack()]],
    }),
  ),
  {
    name: 'a client id that begins with $ is refused',
    shows: { 4: '3.1.3-9 3.2.2-4 3.2.2-5', 5: '3.1.3-8 3.2.2-6 3.2.2-7' },
    steps: (wire) => [['a', connectAs(wire, '$a'), wire.refusal(0x85, 0x02), closed]],
  },
  {
    name: 'a persistent session needs a client id',
    shows: { 4: '3.1.3-7 3.1.3-8' },
    steps: (wire) => [['a', connectAs(wire, '', 0x00), wire.refusal(0x85, 0x02), closed]],
  },
  {
    name: 'packets behind a CONNECT that is refused are not handled',
    shows: { 4: '3.1.4-5', 5: '3.1.4-6' },
    steps: (wire) => [
      ['b', wire.connect('b'), wire.connack()],
      ['b', wire.subscribe(1, [wire.topic, 0]), wire.suback(1, 0)],
      ['a', Buffer.concat([connectAs(wire, '$a'), wire.publish(wire.topic)]), wire.refusal(0x85, 0x02), closed],
    ],
  },
  {
    name: 'a second connection of a client closes its first',
    shows: { 4: '3.1.4-2', 5: '3.1.4-3' },
    steps: (wire) => [
      ['a', wire.connect('same'), wire.connack()],
      ['b', wire.connect('same'), wire.connack()],
      ['a', nothing, wire.farewell(0x8e), closed],
    ],
  },
  {
    name: 'a CONNACK that is larger than the client takes is not sent, and the connection is closed',
    shows: { 5: '3.1.2-24' },
    steps: (wire) => [
      ['a', wire.connect('a', { properties: [[0x27, 0, 0, 0, 20]] }), wire.refusal(0x95), closed],
      ['b', wire.connect('b', { properties: [[0x27, 0, 0, 0, 4]] }), closed],
    ],
  },
];

/** What a server keeps of a client. MQTT 3.1.2.4 and 4.1. */
export const sessionCases: readonly ConformanceCase[] = [
  {
    name: 'a session that does not exist is not resumed but created',
    shows: { 4: '3.1.2-4 3.2.2-3', 5: '3.1.2-6 3.2.2-3' },
    steps: (wire) => [['a', wire.connect('a', { kept: true }), wire.connack()]],
  },
  {
    name: 'a persistent session keeps its subscriptions and the QoS 1 messages that came while its client was away',
    shows: { 4: '3.1.2-4 3.1.2-5 3.1.3-2 3.2.2-2 4.1.0-1', 5: '3.1.2-5 3.1.2-23 3.1.3-2 3.2.2-3 4.1.0-1' },
    steps: (wire) => [
      ['a', wire.connect('a', { kept: true }), wire.connack()],
      ['a', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1)],
      ['a', goes],
      ['b', wire.connect('b'), wire.connack()],
      ['b', wire.publish(wire.topic, { qos: 1, packetId: 9 }), wire.puback(9)],
      [
        'a',
        wire.connect('a', { kept: true }),
        wire.connack({ present: true }),
        wire.publish(wire.topic, { qos: 1, packetId: 1 }),
      ],
      ['b', wire.publish(wire.topic)],
      ['a', nothing, wire.publish(wire.topic)],
    ],
  },
  {
    name: 'a clean session has nothing of the session before it',
    shows: { 4: '3.1.2-6 3.1.4-3 3.2.2-1', 5: '3.1.2-4 3.1.4-4 3.2.2-2' },
    steps: (wire) => [
      ['a', wire.connect('a', { kept: true }), wire.connack()],
      ['a', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1)],
      ['a', goes],
      ['b', wire.connect('b'), wire.connack()],
      ['b', wire.publish(wire.topic, { qos: 1, packetId: 9 }), wire.puback(9)],
      ['a', wire.connect('a'), wire.connack()],
      ['b', wire.publish(wire.topic, { qos: 1, packetId: 9 }), wire.puback(9)],
    ],
  },
  {
    name: 'a clean session lasts as long as its connection',
    shows: { 4: '3.1.2-6 4.1.0-2', 5: '3.1.2-23' },
    steps: (wire) => [
      ['a', wire.connect('a'), wire.connack()],
      ['a', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1)],
      ['a', goes],
      ['a', wire.connect('a', { kept: true }), wire.connack()],
      ['b', wire.connect('b'), wire.connack()],
      ['b', wire.publish(wire.topic, { qos: 1, packetId: 9 }), wire.puback(9)],
    ],
  },
  {
    name: 'a retained message outlives the session that published it',
    shows: { 4: '3.1.2-7' },
    steps: (wire) => [
      ['a', wire.connect('a'), wire.connack()],
      ['a', wire.publish(wire.topic, { retain: true, qos: 1, packetId: 1 }), wire.puback(1)],
      ['a', goes],
      ['b', wire.connect('b'), wire.connack()],
      ['b', wire.subscribe(1, [wire.topic, 0]), wire.suback(1, 0), wire.publish(wire.topic, { retain: true })],
    ],
  },
];
