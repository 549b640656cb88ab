import { sized } from '../../benchmarks/mqtt-bytes';
import { type ConformanceCase, closed, goes, type Step } from './conversation';
import { nothing, pingreq, type Wire } from './wire';

const illFormed = [0x61, 0xed, 0xa0, 0x80];

/** A client "w" that watches the case's topic. */
const watched = (wire: Wire): Step[] => [
  ['w', wire.connect('w'), wire.connack()],
  ['w', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1)],
];

/** A client "late" finds nothing retained on the case's topic. */
const nothingRetained = (wire: Wire): Step[] => [
  ['late', wire.connect('late'), wire.connack()],
  ['late', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1)],
];

const userProperty = (name: string, value: string) => [0x26, ...sized(name), ...sized(value)];

/** What is said of a client that goes. MQTT 3.1.2.5 and 3.14. */
export const willCases: readonly ConformanceCase[] = [
  {
    name: 'a will is published, not retained, when its client goes without DISCONNECT',
    shows: { 4: '3.1.2-8 3.1.2-16', 5: '3.1.2-7 3.1.2-8 3.1.2-14' },
    steps: (wire) => [
      ...watched(wire),
      ['a', wire.connect('a', { will: { topic: wire.topic, qos: 1 } }), wire.connack()],
      ['a', goes],
      ['w', nothing, wire.publish(wire.topic, { payload: 'gone', qos: 1, packetId: 1 })],
      ...nothingRetained(wire),
    ],
  },
  {
    name: 'a will with RETAIN set is retained',
    shows: { 4: '3.1.2-17', 5: '3.1.2-15' },
    steps: (wire) => [
      ['a', wire.connect('a', { will: { topic: wire.topic, retain: true } }), wire.connack()],
      ['a', goes],
      ['late', wire.connect('late'), wire.connack()],
      [
        'late',
        wire.subscribe(1, [wire.topic, 1]),
        wire.suback(1, 1),
        wire.publish(wire.topic, { payload: 'gone', retain: true }),
      ],
    ],
  },
  {
    name: 'a will is deleted when its client sends DISCONNECT',
    shows: { 4: '3.1.2-10 3.14.4-3', 5: '3.1.2-10 3.14.4-3' },
    steps: (wire) => [
      ...watched(wire),
      ['a', wire.connect('a', { will: { topic: wire.topic } }), wire.connack()],
      ['a', wire.disconnect(), closed],
    ],
  },
  ...[0x04, 0x80, 0x93, 0x98].map(
    (reasonCode): ConformanceCase => ({
      name: `a will is published when its client sends DISCONNECT with reason code ${reasonCode}`,
      shows: { 5: '3.1.2-8' },
      steps: (wire) => [
        ...watched(wire),
        ['a', wire.connect('a', { will: { topic: wire.topic } }), wire.connack()],
        ['a', wire.disconnect(reasonCode), closed],
        ['w', nothing, wire.publish(wire.topic, { payload: 'gone' })],
      ],
    }),
  ),
  {
    name: 'a will is published when its client breaks the protocol',
    shows: { 4: '3.1.2-8', 5: '3.1.2-8' },
    steps: (wire) => [
      ...watched(wire),
      ['a', wire.connect('a', { will: { topic: wire.topic } }), wire.connack()],
      ['a', wire.connect('a'), wire.farewell(0x82), closed],
      ['w', nothing, wire.publish(wire.topic, { payload: 'gone' })],
    ],
  },
  {
    name: 'a will is published once, and a client without a will leaves none',
    shows: { 4: '3.1.2-10 3.1.2-12', 5: '3.1.2-10' },
    steps: (wire) => [
      ...watched(wire),
      ['a', wire.connect('a', { kept: true, will: { topic: wire.topic } }), wire.connack()],
      ['a', goes],
      ['w', nothing, wire.publish(wire.topic, { payload: 'gone' })],
      ['a', wire.connect('a', { kept: true }), wire.connack({ present: true })],
      ['a', goes],
    ],
  },
  {
    name: 'a will has its properties, user properties in their order, and no other',
    shows: { 5: '3.1.3-10 3.3.2-18' },
    steps: (wire) => {
      const properties = [
        [0x01, 1], // payload format indicator
        [0x03, ...sized('text/plain')], // content type
        userProperty('b', '1'),
        userProperty('a', '2'),
        userProperty('b', '1'),
      ];
      const will = { topic: wire.topic, properties: [[0x18, 0, 0, 0, 0], ...properties] };
      return [
        ...watched(wire),
        ['a', wire.connect('a', { will }), wire.connack()],
        ['a', goes],
        ['w', nothing, wire.publish(wire.topic, { payload: 'gone', properties })],
      ];
    },
  },
  {
    name: 'a will topic that is not UTF-8 is refused',
    shows: { 4: '3.1.3-10', 5: '3.1.3-11' },
    steps: (wire) => [['a', wire.connect('a', { will: { topic: illFormed } }), wire.refusal(0x81), closed]],
  },
  {
    name: 'a user name that is not UTF-8 is refused',
    shows: { 4: '3.1.3-11', 5: '3.1.3-12' },
    steps: (wire) => [['a', wire.connectOf(0x82, [], sized('a'), sized(illFormed)), wire.refusal(0x81), closed]],
  },
  {
    name: 'packets behind DISCONNECT are not handled',
    shows: { 4: '3.14.4-2', 5: '3.14.4-1 3.14.4-2' },
    steps: (wire) => [
      ...watched(wire),
      ['a', wire.connect('a'), wire.connack()],
      ['a', Buffer.concat([wire.disconnect(), wire.publish(wire.topic), pingreq]), closed],
    ],
  },
];
