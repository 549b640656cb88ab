import { atMost, BrokerInHand, numbers, persistent } from '../../support/fake-client';

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

describe('the queues of all sessions together', () => {
  const sessionLimits = { stored: atMost(10), pending: atMost(5), storedPerSecond: 10 };
  const short = { qos: 1, properties: { messageExpiryInterval: 5 } } as const;

  beforeEach(() => {
    hand = new BrokerInHand({ sessionLimits, queued: { messages: 6, bytes: 1_000_000 } });
  });

  /** Clients that are away and have persistent sessions, each with messages in its queue. */
  function away(...clientIds: string[]): void {
    for (const clientId of clientIds) {
      const client = hand.connect(clientId, persistent);
      client.subscribe(clientId);
      client.disconnect();
    }
  }

  test('The queues of all sessions together are bounded, and the log says how many messages were dropped', () => {
    away('a', 'b');
    for (const payload of numbers(4)) for (const topic of ['a', 'b']) hand.publish(topic, payload, { qos: 1 });
    hand.wait(1);
    expect(hand.log).toEqual([
      'All queues together are full, at 6 messages or 1.0 MB: 1 QoS 1 message for "a" dropped.',
      'All queues together are full, at 6 messages or 1.0 MB: 1 QoS 1 message for "b" dropped.',
    ]);
    expect(hand.connect('a', persistent).payloads).toEqual(numbers(3));
    hand.publish('b', 'room', { qos: 1 });
    expect(hand.connect('b', persistent).payloads).toEqual([...numbers(3), 'room']);
  });

  test('Messages that wait for a slow client and for a group count in the bound of all queues', () => {
    const slow = hand.connect('slow', {}, 1);
    slow.subscribe('t');
    const member = hand.connect('member', persistent);
    member.subscribe('$share/group/u');
    member.disconnect();
    hand.publishAll(numbers(4));
    for (const payload of numbers(4)) hand.publish('u', payload, { qos: 1 });
    hand.publishAll(['lost']);
    hand.wait(1);
    expect(hand.log).toEqual([
      'All queues together are full, at 6 messages or 1.0 MB: 1 QoS 1 message for the group "$share/group/u" dropped.',
      'All queues together are full, at 6 messages or 1.0 MB: 1 QoS 1 message for "slow" dropped.',
    ]);
  });

  test('A QoS 0 message that would wait for a slow client is lost when all queues together are full', () => {
    away('a');
    for (const payload of numbers(6)) hand.publish('a', payload, { qos: 1 });
    const slow = hand.connect('slow');
    slow.subscribe('t');
    slow.isCongested = true;
    hand.publish('t', 'lost');
    slow.isCongested = false;
    slow.session.flow();
    hand.wait(1);
    expect([slow.payloads, hand.log]).toEqual([[], ['Receiver too slow: 1 QoS 0 message for "slow" dropped.']]);
  });

  test('An expired message in any queue gives up its place to a new one', () => {
    away('a', 'b');
    for (const payload of numbers(6)) hand.publish('a', payload, short);
    hand.publish('b', 'lost', { qos: 1 });
    hand.now += 5000;
    hand.publish('b', 'kept', { qos: 1 });
    expect(hand.connect('b', persistent).payloads).toEqual(['kept']);
  });

  test.each([
    ['its session ends', () => hand.wait(10)],
    ['its connection is deleted', () => hand.broker.deleteConnection('a', { endSession: true, withWill: false })],
    ['it begins a clean session', () => hand.connect('a')],
    ['it gets its messages', () => hand.connect('a', persistent).acknowledge()],
  ])('The messages of a client take no room in the bound of all queues when %s', (_, end) => {
    const client = hand.connect('a', { clean: false, expiryInterval: 10_000 });
    client.subscribe('a');
    client.disconnect();
    away('b');
    for (const payload of numbers(6)) hand.publish('a', payload, { qos: 1 });
    end();
    for (const payload of numbers(7)) hand.publish('b', payload, { qos: 1 });
    hand.wait(1);
    expect(hand.log).toEqual([
      'All queues together are full, at 6 messages or 1.0 MB: 1 QoS 1 message for "b" dropped.',
    ]);
    expect(hand.connect('b', persistent).payloads).toEqual(numbers(6));
  });

  test('The messages of a group take no room in the bound of all queues when its last member leaves', () => {
    const member = hand.connect('a', persistent);
    member.subscribe('$share/group/a');
    member.disconnect();
    away('b');
    for (const payload of numbers(6)) hand.publish('a', payload, { qos: 1 });
    hand.connect('a', { clean: true });
    for (const payload of numbers(6)) hand.publish('b', payload, { qos: 1 });
    expect(hand.connect('b', persistent).payloads).toEqual(numbers(6));
  });
});
