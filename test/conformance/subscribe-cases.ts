import { type ConformanceCase, closed, goes, type Step } from './conversation';
import { nothing, pingreq, pingresp, type Wire } from './wire';

const noLocal = 0x04;

/** A publisher "p" and a client "s". */
const both = (wire: Wire): Step[] => [
  ['p', wire.connect('p'), wire.connack()],
  ['s', wire.connect('s'), wire.connack()],
];

/** Subscribing and unsubscribing. MQTT 3.8 to 3.12, 4.7 and 4.8. */
export const subscribeCases: readonly ConformanceCase[] = [
  {
    name: 'SUBACK has the packet id and a code for each filter, in their order',
    shows: {
      4: '2.3.1-7 3.8.4-1 3.8.4-2 3.8.4-4 3.8.4-5 3.9.3-1 3.9.3-2',
      5: '2.2.1-6 3.8.4-1 3.8.4-2 3.8.4-5 3.8.4-6 3.8.4-7 3.9.3-1 3.9.3-2',
    },
    steps: (wire) => [
      ['s', wire.connect('s'), wire.connack()],
      ['s', wire.subscribe(65_535, ['a', 1], ['b', 0], ['c/+', 1]), wire.suback(65_535, 1, 0, 1)],
    ],
  },
  {
    name: 'a subscription that is made again replaces the first',
    shows: { 4: '3.8.4-3', 5: '3.8.4-3' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [wire.topic, 0]), wire.suback(1, 0)],
      ['s', wire.subscribe(2, [wire.topic, 1]), wire.suback(2, 1)],
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 1 }), wire.puback(1)],
      ['s', nothing, wire.publish(wire.topic, { qos: 1, packetId: 1 })],
    ],
  },
  {
    name: 'the filters of one SUBSCRIBE are handled one after the other',
    shows: { 4: '3.8.4-4', 5: '3.8.4-5' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [wire.topic, 1], [wire.topic, 0]), wire.suback(1, 1, 0)],
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 1 }), wire.puback(1)],
      ['s', nothing, wire.publish(wire.topic)],
    ],
  },
  {
    name: 'a message is delivered at the lower of its QoS and the granted one',
    shows: { 4: '3.8.4-6', 5: '3.8.4-8' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [`${wire.topic}/0`, 0], [`${wire.topic}/1`, 1]), wire.suback(1, 0, 1)],
      ['p', wire.publish(`${wire.topic}/0`, { qos: 1, packetId: 1 }), wire.puback(1)],
      ['s', nothing, wire.publish(`${wire.topic}/0`)],
      ['p', wire.publish(`${wire.topic}/1`)],
      ['s', nothing, wire.publish(`${wire.topic}/1`)],
    ],
  },
  {
    name: 'a message is delivered at the highest QoS of several subscriptions that match',
    shows: { 4: '3.3.5-1', 5: '3.3.4-2' },
    steps: (wire) => {
      const topic = `${wire.topic}/x`;
      return [
        ...both(wire),
        ['s', wire.subscribe(1, [topic, 0], [`${wire.topic}/+`, 1], [`${wire.topic}/#`, 0]), wire.suback(1, 0, 1, 0)],
        ['p', wire.publish(topic, { qos: 1, packetId: 1 }), wire.puback(1)],
        ['s', nothing, wire.publish(topic, { qos: 1, packetId: 1 })],
      ];
    },
  },
  {
    name: 'a subscription with No Local does not bring the client’s own messages',
    shows: { 5: '3.8.3-3' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [wire.topic, noLocal]), wire.suback(1, 0)],
      ['s', wire.publish(wire.topic, { payload: 'own' })],
      ['s', pingreq, pingresp],
      ['p', wire.publish(wire.topic)],
      ['s', nothing, wire.publish(wire.topic)],
    ],
  },
  {
    name: 'a subscription with No Local, beside one without, still counts for the messages of others',
    shows: { 5: '3.3.4-2 3.8.3-3' },
    steps: (wire) => {
      const topic = `${wire.topic}/x`;
      return [
        ...both(wire),
        ['s', wire.subscribe(1, [topic, noLocal | 1], [`${wire.topic}/+`, 0]), wire.suback(1, 1, 0)],
        ['p', wire.publish(topic, { qos: 1, packetId: 1 }), wire.puback(1)],
        ['s', nothing, wire.publish(topic, { qos: 1, packetId: 1 })],
        [
          's',
          wire.publish(topic, { payload: 'own', qos: 1, packetId: 1 }),
          wire.publish(topic, { payload: 'own' }),
          wire.puback(1),
        ],
      ];
    },
  },
  {
    name: 'No Local on a shared subscription ends the connection',
    shows: { 5: '3.8.3-4' },
    steps: (wire) => [
      ['s', wire.connect('s'), wire.connack()],
      ['s', wire.subscribe(1, [`$share/g/${wire.topic}`, noLocal]), wire.farewell(0x82), closed],
    ],
  },
  ...['a#', 'a/#/b', '#/a', '##'].map((filter) => malformedFilter(filter, '4.7.1-2', '4.7.1-1')),
  ...['a+', '+a/b', 'a/+b', '++'].map((filter) => malformedFilter(filter, '4.7.1-3', '4.7.1-2')),
  ...['$share', '$share/', '$share//a', '$share/g+/a', '$share/#/a'].map((filter) =>
    malformedFilter(filter, undefined, '4.8.2-1'),
  ),
  ...['$share/g', '$share/g/', '$share/g/a#'].map((filter) => malformedFilter(filter, undefined, '4.8.2-2')),
  ...(
    [
      ['+/b', ['a/b', '/b'], ['b', 'a/b/c', 'a/c']],
      ['a/+', ['a/b', 'a/'], ['a', 'a/b/c', 'A/b']],
      ['+', ['a'], ['/a', 'a/']],
      ['/+', ['/a'], ['a', 'a/b']],
      ['a/#', ['a/b', 'a/b/c', 'a/'], ['b/a']],
      ['+/+/c', ['a/b/c', '//c'], ['a/c', 'a/b/c/d']],
    ] as const
  ).map(
    ([filter, matching, others]): ConformanceCase => ({
      name: `the filter ${filter} matches ${matching.join(', ')} and not ${others.join(', ')}`,
      shows: { 4: '4.7.1-3 3.3.2-3', 5: '4.7.1-2 3.3.2-3' },
      steps: (wire) => [
        ...both(wire),
        ['s', wire.subscribe(1, [filter, 0]), wire.suback(1, 0)],
        ['p', Buffer.concat([...others, ...matching].map((topic) => wire.publish(topic)))],
        ['s', nothing, ...matching.map((topic) => wire.publish(topic))],
      ],
    }),
  ),
  {
    name: 'a filter that begins with a wildcard matches no topic that begins with $',
    shows: { 4: '4.7.2-1', 5: '4.7.2-1' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, ['#', 0], ['+/things/z', 0], ['$aws/things/y', 0]), wire.suback(1, 0, 0, 0)],
      ['p', Buffer.concat([wire.publish('$aws/things/z'), wire.publish('$aws/things/y'), wire.publish('a/x')])],
      ['s', nothing, wire.publish('$aws/things/y'), wire.publish('a/x')],
    ],
  },
  {
    name: 'a group’s member gets its messages at the lower QoS',
    shows: { 5: '4.8.2-3' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [`$share/g/${wire.topic}`, 0]), wire.suback(1, 0)],
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 1 }), wire.puback(1)],
      ['s', nothing, wire.publish(wire.topic)],
    ],
  },
  {
    name: 'a message that a group’s member refuses goes to no other member',
    shows: { 5: '4.8.2-6' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [`$share/g/${wire.topic}`, 1]), wire.suback(1, 1)],
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 1 }), wire.puback(1)],
      ['s', nothing, wire.publish(wire.topic, { qos: 1, packetId: 1 })],
      ['p', wire.subscribe(2, [`$share/g/${wire.topic}`, 1]), wire.suback(2, 1)],
      ['s', wire.puback(1, 0x83)],
      ['s', goes],
    ],
  },
  {
    name: 'UNSUBSCRIBE ends the subscription with exactly its filter, and no other',
    shows: {
      4: '2.3.1-7 3.10.4-1 3.10.4-2 3.10.4-4',
      5: '2.2.1-6 3.10.4-1 3.10.4-2 3.10.4-4 3.11.3-2',
    },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [`${wire.topic}/+`, 0], [`${wire.topic}/+/y`, 0]), wire.suback(1, 0, 0)],
      ['s', wire.unsubscribe(258, `${wire.topic}/+`), wire.unsuback(258, 0)],
      ['s', wire.unsubscribe(259, `${wire.topic}/#`), wire.unsuback(259, 0x11)],
      ['p', Buffer.concat([wire.publish(`${wire.topic}/x`), wire.publish(`${wire.topic}/x/y`)])],
      ['s', nothing, wire.publish(`${wire.topic}/x/y`)],
    ],
  },
  {
    name: 'UNSUBSCRIBE without a subscription is answered, and without a reason string if the client wants none',
    shows: { 4: '3.10.4-5', 5: '3.1.2-29 3.10.4-5' },
    steps: (wire) => [
      ['s', wire.connect('s', { properties: [[0x17, 0]] }), wire.connack()],
      ['s', wire.unsubscribe(1, 'a'), wire.unsuback(1, 0x11)],
    ],
  },
  {
    name: 'the filters of one UNSUBSCRIBE are handled one after the other and answered in one UNSUBACK',
    shows: { 4: '3.10.4-6', 5: '3.10.4-6 3.11.3-1' },
    steps: (wire) => [
      ['s', wire.connect('s'), wire.connack()],
      ['s', wire.subscribe(1, ['a', 0], ['b', 0]), wire.suback(1, 0, 0)],
      ['s', wire.unsubscribe(2, 'c', 'a', 'a', 'b'), wire.unsuback(2, 0x11, 0, 0x11, 0)],
    ],
  },
  {
    name: 'an UNSUBACK that is larger than the client takes is not sent but ends the connection',
    shows: { 5: '3.1.2-24' },
    steps: (wire) => [
      ['s', wire.connect('s', { properties: [[0x27, 0, 0, 0, 30]] }), wire.connack()],
      ['s', wire.unsubscribe(1, ...Array(25).fill('a')), wire.unsuback(1, ...Array(25).fill(0x11))],
      ['s', wire.unsubscribe(1, ...Array(26).fill('a')), wire.farewell(0x95), closed],
    ],
  },
  {
    name: 'a delivery that has begun is completed after UNSUBSCRIBE',
    shows: { 4: '3.10.4-3', 5: '3.10.4-3' },
    steps: (wire) => [
      ['p', wire.connect('p'), wire.connack()],
      ['s', wire.connect('s', { kept: true }), wire.connack()],
      ['s', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1)],
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 1 }), wire.puback(1)],
      ['s', nothing, wire.publish(wire.topic, { qos: 1, packetId: 1 })],
      ['s', wire.unsubscribe(2, wire.topic), wire.unsuback(2, 0)],
      ['s', goes],
      [
        's',
        wire.connect('s', { kept: true }),
        wire.connack({ present: true }),
        wire.publish(wire.topic, { qos: 1, packetId: 1 }),
      ],
      ['s', wire.puback(1)],
    ],
  },
  {
    name: 'PINGREQ is answered',
    shows: { 4: '3.12.4-1', 5: '3.12.4-1' },
    steps: (wire) => [
      ['s', wire.connect('s'), wire.connack()],
      ['s', Buffer.concat([pingreq, pingreq]), pingresp, pingresp],
    ],
  },
];

/** A filter that ends the connection: AWS IoT Core has no SUBACK for it. */
function malformedFilter(filter: string, statement3: string | undefined, statement5: string): ConformanceCase {
  return {
    name: `the filter ${filter} ends the connection`,
    shows: { 4: statement3, 5: statement5 },
    steps: (wire) => [
      ['s', wire.connect('s'), wire.connack()],
      ['s', wire.subscribe(1, [filter, 0]), wire.farewell(0x8f), closed],
    ],
  };
}
