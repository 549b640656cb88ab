import type { ProtocolVersion } from '../../../lib/iot-core-local/mqtt/packets';
import { BrokerInHand, numbers, persistent } from '../../support/fake-client';

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

describe('a client’s receive maximum', () => {
  test('A client has at most its receive maximum of unacknowledged QoS 1 messages', () => {
    const client = hand.connect('a', {}, 3);
    client.subscribe('t');
    hand.publishAll(numbers(5));
    expect(client.payloads).toEqual(numbers(3));
    client.acknowledgeOnly(client.received[1].packetId!);
    expect(client.payloads).toEqual(numbers(4));
    client.acknowledge();
    expect(client.payloads).toEqual(numbers(5));
  });

  test('A client’s receive maximum holds up QoS 0 messages only behind a QoS 1 message that waits', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    hand.publishAll(['1', '2'], 1);
    hand.publishAll(['3'], 0);
    expect(client.payloads).toEqual(['1']);
    client.acknowledge();
    client.acknowledge();
    expect(client.payloads).toEqual(['1', '2', '3']);
  });

  test('A client’s receive maximum does not limit QoS 0 messages', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    hand.publishAll(numbers(5), 0);
    expect(client.payloads).toEqual(numbers(5));
  });

  test('A client’s receive maximum is that of its current connection, also for messages that are sent again', () => {
    const before = hand.connect('a', persistent, 10);
    before.subscribe('t');
    hand.publishAll(numbers(5));
    before.disconnect();
    const after = hand.connect('a', persistent, 2);
    expect(after.payloads).toEqual(['1', '2']);
    after.acknowledge();
    after.acknowledge();
    after.acknowledge();
    expect(after.payloads).toEqual(numbers(5));
  });
});

test('A packet id is never 0, and none is used twice before it is acknowledged', () => {
  const client = hand.connect('a', {}, 2);
  client.subscribe('t');
  hand.publish('t', 'held', { qos: 1 });
  const [{ packetId: held }] = client.received;
  const used = new Set<number>();
  for (let count = 0; count < 65_600; count += 1) {
    client.received.length = 0;
    hand.publish('t', 'x', { qos: 1 });
    const { packetId } = client.received[0];
    used.add(packetId!);
    client.acknowledgeOnly(packetId!);
  }
  expect(used.has(held!)).toBe(false);
  expect([Math.min(...used), Math.max(...used)]).toEqual([2, 65_535]);
});

test('An acknowledgement of a message that was never sent is ignored', () => {
  const client = hand.connect('a', {}, 1);
  client.subscribe('t');
  hand.publishAll(['1', '2']);
  client.acknowledgeOnly(999);
  expect(client.payloads).toEqual(['1']);
});

describe('a message that cannot be sent', () => {
  test('A message that the client may not receive is not sent, and its place is free for the next', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('#');
    client.refusedTopic = 'secret';
    hand.publish('secret', 'no', { qos: 1 });
    hand.publish('secret', 'no');
    hand.publish('t', 'yes', { qos: 1 });
    expect(client.payloads).toEqual(['yes']);
    hand.wait(1);
    expect(hand.log).toEqual(['No right to receive: 2 messages for "a" dropped.']);
  });

  test('A message that is larger than the client takes is not sent, and its place is free for the next', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    client.maximumPacketSize = 50;
    hand.publish('t', 'x'.repeat(100), { qos: 1 });
    hand.publish('t', 'x'.repeat(100));
    hand.publish('t', 'small', { qos: 1 });
    expect(client.payloads).toEqual(['small']);
    hand.wait(1);
    expect(hand.log).toEqual(['Packet too large: 2 messages for "a" dropped.']);
  });

  test.each<[ProtocolVersion, string, number]>([
    // The header, the topic, the packet id, the properties behind their length, and the payload.
    [5, 'the properties count', 2 + 11 + 2 + (1 + 7 + 5 + 17) + 10],
    [4, 'the properties, which it does not get, do not count', 2 + 11 + 2 + 10],
  ])('A client of MQTT %i gets a message of just the size that it takes: %s', (version, _, size) => {
    const properties = { contentType: 'text', messageExpiryInterval: 9, userProperties: [['ключ', 'km/h']] } as const;
    for (const filter of ['cars/data', '$share/group2/cars/data']) {
      const client = hand.connect('a', { version });
      client.subscribe(filter);
      client.maximumPacketSize = size;
      for (const payload of ['ten bytes.', '11 bytes...']) hand.publish('cars/data', payload, { qos: 1, properties });
      expect(client.payloads).toEqual(['ten bytes.']);
    }
  });
});

describe('what a client did not acknowledge', () => {
  test('A message that a client did not acknowledge is sent again under the same packet id when it is back', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    hand.publishAll(numbers(3));
    before.acknowledgeOnly(before.received[1].packetId!);
    before.disconnect();
    const after = hand.connect('a', persistent);
    expect(after.isPresent).toBe(true);
    expect(after.received).toEqual([before.received[0], before.received[2]]);
  });

  test('A message that is sent again has the rest of its expiry interval, and a second if none is left', () => {
    hand.connect('a', persistent).subscribe('t');
    hand.publish('t', '1', { qos: 1, properties: { messageExpiryInterval: 10 } });
    for (const [seconds, rest] of [
      [4, 6],
      [5, 1],
      [20, 1],
    ] as const) {
      hand.wait(seconds);
      expect(hand.connect('a', persistent).received).toMatchObject([{ payload: '1', messageExpiryInterval: rest }]);
    }
  });

  test('A QoS 0 message is not sent again', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    hand.publishAll(['1'], 0);
    before.disconnect();
    expect(hand.connect('a', persistent).received).toEqual([]);
  });

  test('A message is not sent again if the client may no longer receive it', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    hand.publishAll(['1']);
    before.refusedTopic = 't';
    before.disconnect();
    const request = { clientId: 'a', version: 5, ...persistent } as const;
    const { session } = hand.broker.connect(request, before);
    session.resume();
    expect(before.payloads).toEqual(['1']);
  });
});
