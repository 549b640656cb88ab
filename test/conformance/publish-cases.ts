import { sized } from '../../benchmarks/mqtt-bytes';
import { type ConformanceCase, closed, goes, type Step } from './conversation';
import { nothing, pingreq, pingresp, type Wire } from './wire';

/** A publisher "p", and a subscriber "s" at QoS 1 to the case's topic. */
const both = (wire: Wire): Step[] => [
  ['p', wire.connect('p'), wire.connack()],
  ['s', wire.connect('s'), wire.connack()],
  ['s', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1)],
];

/** The same, but the subscriber's session is kept, or its CONNECT has properties. */
const withSubscriber = (wire: Wire, fields: Parameters<Wire['connect']>[1]): Step[] => [
  ['p', wire.connect('p'), wire.connack()],
  ['s', wire.connect('s', fields), wire.connack()],
  ['s', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1)],
];

const receiveMaximum = (count: number) => [0x21, 0, count];
const maximumPacketSize = (bytes: number) => [0x27, 0, 0, 0, bytes];
const topicAlias = (alias: number) => [0x23, 0, alias];

/** How messages come and go. MQTT 3.3, 3.4, 4.3 to 4.6 and 4.9. */
export const publishCases: readonly ConformanceCase[] = [
  {
    name: 'a QoS 0 message is delivered without a packet id and not acknowledged',
    shows: { 4: '2.3.1-5 3.3.4-1 4.3.1-1 4.5.0-1', 5: '2.2.1-2 2.2.2-1 3.3.1-2 3.3.4-1 4.3.1-1 4.5.0-1' },
    steps: (wire) => [...both(wire), ['p', wire.publish(wire.topic)], ['s', nothing, wire.publish(wire.topic)]],
  },
  {
    name: 'a QoS 1 message is acknowledged under its packet id, whichever it is',
    shows: { 4: '2.3.1-6 3.3.4-1 4.3.2-2', 5: '2.2.1-5 3.3.4-1 4.3.2-4' },
    steps: (wire) => [
      ['p', wire.connect('p'), wire.connack()],
      ...[1, 258, 65_535].map((packetId): Step => {
        return ['p', wire.publish(wire.topic, { qos: 1, packetId }), wire.puback(packetId)];
      }),
    ],
  },
  {
    name: 'a packet id that was acknowledged may name a new message',
    shows: { 4: '2.3.1-3 4.3.2-2', 5: '4.3.2-5' },
    steps: (wire) => [
      ...both(wire),
      ['p', wire.publish(wire.topic, { payload: '1', qos: 1, packetId: 7 }), wire.puback(7)],
      ['p', wire.publish(wire.topic, { payload: '2', qos: 1, packetId: 7, dup: true }), wire.puback(7)],
      ['s', nothing, wire.publish(wire.topic, { payload: '1', qos: 1, packetId: 1 })],
      ['s', nothing, wire.publish(wire.topic, { payload: '2', qos: 1, packetId: 2 })],
    ],
  },
  {
    name: 'a QoS 1 message is first sent without DUP, under a packet id that is not in use',
    shows: { 4: '2.3.1-4 4.3.2-1', 5: '2.2.1-4 4.3.2-1 4.3.2-2' },
    steps: (wire) => [
      ...both(wire),
      ...[1, 2, 3].map(
        (packetId): Step => ['p', wire.publish(wire.topic, { qos: 1, packetId }), wire.puback(packetId)],
      ),
      ['s', nothing, ...[1, 2, 3].map((packetId) => wire.publish(wire.topic, { qos: 1, packetId }))],
      ['s', wire.puback(2)],
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 4 }), wire.puback(4)],
      ['s', nothing, wire.publish(wire.topic, { qos: 1, packetId: 4 })],
    ],
  },
  {
    name: 'DUP is not passed on',
    shows: { 4: '3.3.1-3', 5: '3.3.1-3' },
    steps: (wire) => [
      ...both(wire),
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 1, dup: true }), wire.puback(1)],
      ['s', nothing, wire.publish(wire.topic, { qos: 1, packetId: 1 })],
    ],
  },
  {
    name: 'messages that a client did not acknowledge are sent again when it is back, not before, in order and under their packet ids',
    shows: { 4: '2.3.1-4 4.3.2-1 4.4.0-1 4.6.0-1', 5: '4.3.2-3 4.4.0-1' },
    steps: (wire) => {
      const [first, second, third] = [1, 2, 3].map((packetId) => {
        return wire.publish(wire.topic, { payload: `${packetId}`, qos: 1, packetId });
      });
      return [
        ...withSubscriber(wire, { kept: true }),
        ['p', Buffer.concat([first, second, third]), wire.puback(1), wire.puback(2), wire.puback(3)],
        ['s', nothing, first, second, third],
        ['s', Buffer.concat([wire.puback(2), pingreq]), pingresp],
        ['s', goes],
        ['s', wire.connect('s', { kept: true }), wire.connack({ present: true }), first, third],
      ];
    },
  },
  {
    name: 'a PUBACK with an error code ends a delivery like any other',
    shows: { 5: '4.4.0-2' },
    steps: (wire) => [
      ...withSubscriber(wire, { kept: true }),
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 1 }), wire.puback(1)],
      ['s', nothing, wire.publish(wire.topic, { qos: 1, packetId: 1 })],
      ['s', wire.puback(1, 0x80)],
      ['s', goes],
      ['s', wire.connect('s', { kept: true }), wire.connack({ present: true })],
    ],
  },
  {
    name: 'messages are delivered in the order in which they were published',
    shows: { 4: '4.6.0-5 4.6.0-6', 5: '4.6.0-5 4.6.0-6' },
    steps: (wire) => {
      const messages = Array.from('abcdefghij', (payload) => wire.publish(wire.topic, { payload }));
      return [...both(wire), ['p', Buffer.concat(messages)], ['s', nothing, ...messages]];
    },
  },
  {
    name: 'a message’s properties are passed on unchanged',
    shows: { 5: '3.3.2-4 3.3.2-15 3.3.2-16 3.3.2-17 3.3.2-18 3.3.2-20' },
    steps: (wire) => {
      const properties = [
        [0x01, 1], // payload format indicator
        [0x02, 0, 0, 0, 60], // message expiry interval
        [0x03, ...sized('text/plain; ü')], // content type
        [0x08, ...sized('answers/here')], // response topic
        [0x09, ...sized([0, 0xff, 0xed, 0xa0])], // correlation data
        [0x26, ...sized('z'), ...sized('1')], // user properties
        [0x26, ...sized('a'), ...sized('')],
        [0x26, ...sized('z'), ...sized('1')],
      ];
      return [
        ...both(wire),
        ['p', wire.publish(wire.topic, { properties })],
        ['s', nothing, wire.publish(wire.topic, { properties })],
      ];
    },
  },
  ...[
    ['content type', [0x03, ...sized([0xff])], '3.3.2-19'],
    ['response topic', [0x08, ...sized([0xff])], '3.3.2-13'],
  ].map(
    ([name, property, statement]): ConformanceCase => ({
      name: `a ${name} that is not UTF-8 ends the connection`,
      shows: { 5: statement as string },
      steps: (wire) => [
        ['p', wire.connect('p'), wire.connack()],
        ['p', wire.publish(wire.topic, { properties: [property as number[]] }), wire.farewell(0x81), closed],
      ],
    }),
  ),
  {
    name: 'a topic alias from 1 to 8 stands for a topic, and the server sends none',
    shows: { 5: '3.1.2-26 3.1.2-27 3.3.2-11 3.3.2-12' },
    steps: (wire) => [
      ...withSubscriber(wire, { properties: [[0x22, 0, 10]] }),
      ['p', wire.publish(wire.topic, { payload: '1', properties: [topicAlias(1)] })],
      ['p', wire.publish(wire.topic, { payload: '8', properties: [topicAlias(8)] })],
      ['p', wire.publish('', { payload: '1 again', properties: [topicAlias(1)] })],
      ['s', nothing, ...['1', '8', '1 again'].map((payload) => wire.publish(wire.topic, { payload }))],
    ],
  },
  {
    name: 'a topic alias is taken out from among a message’s other properties, which are passed on unchanged',
    shows: { 5: '3.3.2-17 3.3.2-18' },
    steps: (wire) => {
      const expiry = [0x02, 0, 0, 0, 60];
      const [one, other] = ['z', 'a'].map((name) => [0x26, ...sized(name), ...sized('ü')]);
      const alias = topicAlias(1);
      const orders = [
        [alias, one, expiry, other],
        [one, alias, expiry, other],
        [one, expiry, other, alias],
      ];
      const passedOn = wire.publish(wire.topic, { properties: [one, expiry, other] });
      return [
        ...both(wire),
        ['p', Buffer.concat(orders.map((properties) => wire.publish(wire.topic, { properties })))],
        ['s', nothing, passedOn, passedOn, passedOn],
      ];
    },
  },
  {
    name: 'a topic alias does not outlive its connection',
    shows: { 5: '3.3.2-7' },
    steps: (wire) => [
      ['p', wire.connect('p', { kept: true }), wire.connack()],
      ['p', Buffer.concat([wire.publish(wire.topic, { properties: [topicAlias(1)] }), pingreq]), pingresp],
      ['p', goes],
      ['p', wire.connect('p', { kept: true }), wire.connack({ present: true })],
      ['p', wire.publish('', { properties: [topicAlias(1)] }), wire.farewell(0x82), closed],
    ],
  },
  {
    name: 'a topic alias above 8 ends the connection',
    shows: { 5: '3.2.2-17 3.3.2-9' },
    steps: (wire) => [
      ['p', wire.connect('p'), wire.connack()],
      ['p', wire.publish(wire.topic, { properties: [topicAlias(9)] }), wire.farewell(0x94), closed],
    ],
  },
  {
    name: 'a packet above the maximum size in CONNACK ends the connection',
    shows: { 5: '3.2.2-15' },
    steps: (wire) => [
      ['p', wire.connect('p'), wire.connack()],
      ['p', Buffer.of(0x30, 0xfd, 0x8f, 0x09), wire.farewell(0x95), closed], // 149,505 bytes, four of them the header
    ],
  },
  {
    name: 'a message that is larger than its receiver takes is not sent, as if it had been sent and acknowledged',
    shows: { 5: '3.1.2-24 3.1.2-25' },
    steps: (wire) => [
      ...withSubscriber(wire, { properties: [maximumPacketSize(60), receiveMaximum(1)] }),
      ['p', wire.publish(wire.topic, { payload: 'x'.repeat(60), qos: 1, packetId: 1 }), wire.puback(1)],
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 2 }), wire.puback(2)],
      ['s', nothing, wire.publish(wire.topic, { qos: 1, packetId: 2 })],
    ],
  },
  {
    name: 'a client has at most its Receive Maximum of unacknowledged messages, and nothing else is held up',
    shows: { 5: '3.3.4-9 3.3.4-10 4.9.0-1 4.9.0-2 4.9.0-3' },
    steps: (wire) => [
      ...withSubscriber(wire, { properties: [receiveMaximum(2)] }),
      ...[1, 2, 3].map(
        (packetId): Step => ['p', wire.publish(wire.topic, { qos: 1, packetId }), wire.puback(packetId)],
      ),
      ['s', nothing, ...[1, 2].map((packetId) => wire.publish(wire.topic, { qos: 1, packetId }))],
      ['s', wire.subscribe(2, ['other', 0]), wire.suback(2, 0)],
      ['s', wire.publish('other', { payload: 'of its own', qos: 1, packetId: 5 }), wire.puback(5)],
      ['s', pingreq, pingresp],
      ['s', wire.puback(1), wire.publish(wire.topic, { qos: 1, packetId: 3 })],
    ],
  },
  {
    name: 'a topic is compared byte by byte and delivered unchanged',
    shows: { 4: '1.5.3-3 3.3.2-3 4.7.3-4', 5: '1.5.4-3 3.3.2-3 4.7.3-4' },
    steps: (wire) => {
      // Composed and decomposed, with and without a byte order mark, in upper and lower case, with and without an empty level.
      const topics = ['\u00e9', 'e\u0301', '\ufeff\u00e9', '\u00c9', '/\u00e9', '\u00e9/'];
      const names = topics.map((topic) => Buffer.from(`${topic}`).toJSON().data);
      return [
        ['p', wire.connect('p'), wire.connack()],
        ...names.flatMap((topic, index): Step[] => [
          [`s${index}`, wire.connect(`s${index}`), wire.connack()],
          [`s${index}`, wire.subscribe(1, [topic, 0]), wire.suback(1, 0)],
        ]),
        ['p', Buffer.concat(names.map((topic) => wire.publish(topic)))],
        ...names.map((topic, index): Step => [`s${index}`, nothing, wire.publish(topic)]),
      ];
    },
  },
];
