import type { ConformanceCase, Step } from './conversation';
import { nothing, type Wire } from './wire';

/** SUBSCRIBE's options of MQTT 5, beside the QoS. */
const retainAsPublished = 0x08;
const retainHandling = (value: 0 | 1 | 2) => value << 4;

const retained = (wire: Wire, payload: string, qos: 0 | 1 = 0) => {
  return wire.publish(wire.topic, { payload, retain: true, qos, packetId: qos ? 1 : undefined });
};

/** A publisher "p" that has left a message on the case's topic, and a client "s". */
const both = (wire: Wire): Step[] => [
  ['p', wire.connect('p'), wire.connack()],
  ['p', retained(wire, 'kept', 1), wire.puback(1)],
  ['s', wire.connect('s'), wire.connack()],
];

/** What is kept for those who come later. MQTT 3.3.1.3. */
export const retainCases: readonly ConformanceCase[] = [
  {
    name: 'a retained message is sent to a new subscription, with RETAIN set and at its QoS',
    shows: { 4: '3.3.1-5 3.3.1-6 3.3.1-8', 5: '3.3.1-5 3.3.1-9' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1), retained(wire, 'kept', 1)],
    ],
  },
  {
    name: 'a retained message is replaced by a later one, even at QoS 0',
    shows: { 4: '3.3.1-5 3.3.1-7', 5: '3.3.1-5' },
    steps: (wire) => [
      ...both(wire),
      ['p', retained(wire, 'later')],
      ['p', wire.publish('a barrier', { qos: 1, packetId: 2 }), wire.puback(2)],
      ['s', wire.subscribe(1, [wire.topic, 1]), wire.suback(1, 1), retained(wire, 'later')],
    ],
  },
  {
    name: 'a retained message reaches earlier subscribers without RETAIN set',
    shows: { 4: '3.3.1-9', 5: '3.3.1-12' },
    steps: (wire) => [
      ['s', wire.connect('s'), wire.connack()],
      ['s', wire.subscribe(1, [wire.topic, 0]), wire.suback(1, 0)],
      ['p', wire.connect('p'), wire.connack()],
      ['p', retained(wire, 'live')],
      ['s', nothing, wire.publish(wire.topic, { payload: 'live' })],
    ],
  },
  {
    name: 'the RETAIN flag is as published with Retain As Published',
    shows: { 5: '3.3.1-13' },
    steps: (wire) => [
      ['s', wire.connect('s'), wire.connack()],
      ['s', wire.subscribe(1, [wire.topic, retainAsPublished]), wire.suback(1, 0)],
      ['p', wire.connect('p'), wire.connack()],
      ['p', Buffer.concat([retained(wire, 'kept'), wire.publish(wire.topic)])],
      ['s', nothing, retained(wire, 'kept'), wire.publish(wire.topic)],
    ],
  },
  {
    name: 'an empty message with RETAIN set is delivered, removes the retained message and is not retained itself',
    shows: { 4: '3.3.1-10 3.3.1-11', 5: '3.3.1-6 3.3.1-7' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [wire.topic, 0]), wire.suback(1, 0), retained(wire, 'kept')],
      ['p', retained(wire, '')],
      ['s', nothing, wire.publish(wire.topic, { payload: '' })],
      ['late', wire.connect('late'), wire.connack()],
      ['late', wire.subscribe(1, [wire.topic, 0]), wire.suback(1, 0)],
    ],
  },
  {
    name: 'a message without RETAIN set, even an empty one, leaves the retained message as it is',
    shows: { 4: '3.3.1-12', 5: '3.3.1-8' },
    steps: (wire) => [
      ...both(wire),
      ['p', wire.publish(wire.topic, { qos: 1, packetId: 2 }), wire.puback(2)],
      ['p', wire.publish(wire.topic, { payload: '', qos: 1, packetId: 3 }), wire.puback(3)],
      ['s', wire.subscribe(1, [wire.topic, 0]), wire.suback(1, 0), retained(wire, 'kept')],
    ],
  },
  {
    name: 'a retained message is sent again when its subscription is made again',
    shows: { 4: '3.8.4-3', 5: '3.3.1-9 3.8.4-4' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [wire.topic, 0]), wire.suback(1, 0), retained(wire, 'kept')],
      ['s', wire.subscribe(2, [wire.topic, 0]), wire.suback(2, 0), retained(wire, 'kept')],
    ],
  },
  {
    name: 'a retained message is sent only to a new subscription with Retain Handling 1',
    shows: { 5: '3.3.1-10' },
    steps: (wire) => [
      ...both(wire),
      ['s', wire.subscribe(1, [wire.topic, retainHandling(1)]), wire.suback(1, 0), retained(wire, 'kept')],
      ['s', wire.subscribe(2, [wire.topic, retainHandling(1)]), wire.suback(2, 0)],
    ],
  },
  {
    name: 'a retained message is not sent with Retain Handling 2',
    shows: { 5: '3.3.1-11' },
    steps: (wire) => [...both(wire), ['s', wire.subscribe(1, [wire.topic, retainHandling(2)]), wire.suback(1, 0)]],
  },
];
