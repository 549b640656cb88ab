import { parser } from 'mqtt-packet';
import { lowerQos, Message, type ServedQos } from '../../../lib/iot-core-local/broker/message';
import { viewOf } from '../../../lib/iot-core-local/mqtt/copy-bytes';
import type { MessageProperties } from '../../../lib/iot-core-local/mqtt/packets';
import { Payload } from '../../../lib/iot-core-local/mqtt/payload';
import { BrokerInHand, type FakeClient } from '../../support/fake-client';

function messageWith(properties?: MessageProperties, receivedAt = 1000): Message {
  return new Message('cars/data', Payload.of(Buffer.from('75')), 1, false, 'car1', receivedAt, properties);
}

/** The expiry interval that a message goes out with, as another codec reads it. */
function expiryIntervalAt(message: Message, now: number): number | undefined {
  let interval: number | undefined;
  const reader = parser({ protocolVersion: 5 });
  reader.on('packet', (packet) => {
    interval = packet.cmd === 'publish' ? packet.properties?.messageExpiryInterval : undefined;
  });
  const { bytes, packetIdOffset } = message.head(5, 1, false, now);
  const packet = Buffer.concat([bytes, message.payload.bytes]);
  packet.writeUInt16BE(1, packetIdOffset);
  reader.parse(packet);
  return interval;
}

test.each([
  [undefined, 10_000_000, false],
  [10, 1000, false],
  [10, 10_999, false],
  [10, 11_000, true],
  [10, 20_000, true],
])(
  'A message with an expiry interval of %s s, received at 1 s, is expired at %i ms: %s',
  (messageExpiryInterval, now, isExpired) => {
    expect(messageWith({ messageExpiryInterval }).isExpired(now)).toBe(isExpired);
  },
);

test.each([
  [1000, 10],
  [1999, 10],
  [2000, 9],
  [9000, 2],
  [10_999, 1],
])('An expiry interval of 10 s counts down: at %i ms it goes out as %i s', (now, interval) => {
  expect(expiryIntervalAt(messageWith({ messageExpiryInterval: 10 }), now)).toBe(interval);
});

test('Other properties stay as they are while the expiry interval counts down', () => {
  const message = messageWith({ messageExpiryInterval: 10, contentType: 'text/plain' });
  expect(message.head(5, 1, false, 5000).bytes.includes('text/plain')).toBe(true);
  expect(message.properties).toEqual({ messageExpiryInterval: 10, contentType: 'text/plain' });
});

test.each([
  [0, 0, 0],
  [0, 1, 0],
  [1, 0, 0],
  [1, 1, 1],
] as const)('A message of QoS %i goes to a subscription of QoS %i at QoS %i', (message, subscription, expected) => {
  expect(lowerQos(message, subscription)).toBe(expected);
});

test.each<[MessageProperties | undefined, number]>([
  [undefined, 11],
  [{ contentType: 'text', responseTopic: 'answers', correlationData: Buffer.from('id') }, 24],
  // An empty one takes a few bytes of a packet, and many times as much of memory.
  [{ userProperties: Array.from({ length: 1000 }, () => ['', ''] as const) }, 80_011],
  [{ userProperties: [['name', 'value']] }, 100],
])('A message with the properties %j takes about %i bytes', (properties, size) => {
  expect(messageWith(properties).size).toBe(size);
});

// A chunk of up to 64 KiB stays in memory as long as one payload of a few bytes is in it.
describe('the chunk that a message came in', () => {
  let hand: BrokerInHand;
  beforeEach(() => {
    hand = new BrokerInHand();
  });

  const persistent = { expiryInterval: 3_600_000, clean: false };

  /** A client with one message that it has not acknowledged, and no room for another. */
  function fullClient(): FakeClient {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    hand.publish('t', 'first', { qos: 1 });
    return client;
  }

  /** A persistent client that has subscribed, and is away. */
  function absentClient(filter: string): void {
    const client = hand.connect('a', persistent);
    client.subscribe(filter);
    client.disconnect();
  }

  test.each<[string, ServedQos, boolean, () => void]>([
    ['is not acknowledged', 1, false, () => hand.connect('a').subscribe('t')],
    ['of QoS 1 waits for room', 1, false, () => fullClient()],
    [
      'of QoS 0 waits for a client that does not read',
      0,
      false,
      () => {
        const client = hand.connect('a');
        client.subscribe('t');
        client.isCongested = true;
      },
    ],
    ['waits for the return of a client', 1, false, () => absentClient('t')],
    ['waits for the return of a group', 1, false, () => absentClient('$share/g/t')],
    ['is retained', 0, true, () => {}],
  ])(
    'A message that %s no longer holds its chunk at the next tick, and has the same payload',
    (_, qos, retain, prepare) => {
      prepare();
      const chunk = Buffer.alloc(65_536, 'x');
      const payload = new Payload(viewOf(chunk), 100, 5);
      chunk.write('bytes', 100);
      hand.broker.publish(new Message('t', payload, qos, retain, 'car1', hand.now));
      hand.wait(1);
      expect(payload.bytes.buffer).not.toBe(chunk.buffer);
      chunk.fill(0);
      expect(payload.bytes.toString()).toBe('bytes');
    },
  );
});
