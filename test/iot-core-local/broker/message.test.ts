import { parser } from 'mqtt-packet';
import { lowerQos, Message } from '../../../lib/iot-core-local/broker/message';
import { bodyWith, frameOf, type MessageProperties, propertiesOf } from '../../support/message-properties';

function messageWith(properties?: MessageProperties, receivedAt = 1000): Message {
  return new Message('cars/data', bodyWith(properties, '75'), 1, false, 'car1', receivedAt);
}

/** The expiry interval that a message goes out with, as another codec reads it. */
function expiryIntervalAt(message: Message, now: number): number | undefined {
  let interval: number | undefined;
  const reader = parser({ protocolVersion: 5 });
  reader.on('packet', (packet) => {
    interval = packet.cmd === 'publish' ? packet.properties?.messageExpiryInterval : undefined;
  });
  const head = message.head(5, 1, false);
  message.countDown(now);
  const packet = frameOf(head, message.body);
  packet.writeUInt16BE(1, head.packetIdOffset);
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
  message.countDown(5000);
  expect(propertiesOf(message.body)).toEqual({ messageExpiryInterval: 6, contentType: 'text/plain' });
  expect(message.body.payload.toString()).toBe('75');
});

test.each([
  [0, 0, 0],
  [0, 1, 0],
  [1, 0, 0],
  [1, 1, 1],
] as const)('A message of QoS %i goes to a subscription of QoS %i at QoS %i', (message, subscription, expected) => {
  expect(lowerQos(message, subscription)).toBe(expected);
});

test('An expiry interval that has counted down does not change when the message expires', () => {
  const message = messageWith({ messageExpiryInterval: 10 });
  message.countDown(9000);
  message.countDown(9500);
  expect(message.body.messageExpiryInterval).toBe(2);
  expect([10_999, 11_000].map((now) => message.isExpired(now))).toEqual([false, true]);
});

test.each([
  [999, true],
  [10_999, true],
  [11_000, false],
  [20_000, false],
])(
  'An expiry interval of 10 s, received at 1 s, that counts down at %i ms says that the message is alive: %s',
  (now, isAlive) => {
    expect(messageWith({ messageExpiryInterval: 10 }).countDown(now)).toBe(isAlive);
  },
);

test('A message that does not expire is not changed when it is sent', () => {
  const message = messageWith({ contentType: 'text/plain' });
  expect(message.countDown(1_000_000)).toBe(true);
  expect(propertiesOf(message.body)).toEqual({ contentType: 'text/plain' });
});

test.each<[string, number, MessageProperties | undefined]>([
  ['no properties', 11, undefined],
  ['some texts', 33, { contentType: 'text', responseTopic: 'answers', correlationData: Buffer.from('id') }],
  ['1,000 empty user properties', 5011, { userProperties: Array.from({ length: 1000 }, () => ['', ''] as const) }],
  ['a user property', 25, { userProperties: [['name', 'value']] }],
])(
  'A message with %s takes about %i bytes: those of its topic, its properties and its payload',
  (_, size, properties) => {
    expect(messageWith(properties).size).toBe(size);
  },
);
