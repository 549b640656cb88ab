import { atMost, BrokerInHand, numbers, persistent } from '../../support/fake-client';

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

describe('the queue of a client that is away', () => {
  test('QoS 1 messages are queued for a client that is away, and QoS 0 messages are not', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    hand.publishAll(['0'], 0);
    hand.publishAll(['1'], 1);
    expect(hand.connect('a', persistent).payloads).toEqual(['1']);
  });

  test('Messages that waited for a client’s acknowledgements are kept when it goes', () => {
    const before = hand.connect('a', persistent, 1);
    before.subscribe('t');
    hand.publishAll(numbers(3));
    before.disconnect();
    expect(hand.connect('a', persistent).payloads).toEqual(['1', '2', '3']);
  });

  test('A queued message that expires is not sent, and any other is sent with the rest of its expiry interval', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    hand.publish('t', 'short', { qos: 1, properties: { messageExpiryInterval: 5 } });
    hand.publish('t', 'long', { qos: 1, properties: { messageExpiryInterval: 60 } });
    hand.wait(10);
    const after = hand.connect('a', persistent);
    expect(after.received.map(({ payload, messageExpiryInterval }) => [payload, messageExpiryInterval])).toEqual([
      ['long', 50],
    ]);
  });

  test('The queue of a session is delivered at 10 messages a second', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    hand.publishAll(numbers(25));
    const after = hand.connect('a', persistent);
    const counts = [after.received.length];
    for (let second = 0; second < 3; second += 1) {
      hand.wait(1);
      counts.push(after.received.length);
    }
    expect(counts).toEqual([10, 20, 25, 25]);
    expect(after.payloads).toEqual(numbers(25));
  });

  test('The queue of a session is bounded, and the oldest messages stay', () => {
    const limits = { stored: atMost(3), pending: atMost(10), storedPerSecond: 10 };
    hand = new BrokerInHand({ sessionLimits: limits });
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    hand.publishAll(numbers(5));
    expect(hand.connect('a', persistent).payloads).toEqual(numbers(3));
  });

  test('Messages beyond the bound of a session’s queue are dropped, and the log says how many', () => {
    const stored = { messages: 100, bytes: 10 };
    hand = new BrokerInHand({ sessionLimits: { stored, pending: atMost(10), storedPerSecond: 10 } });
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    hand.publishAll(['four', 'four', 'lost']);
    hand.wait(2);
    hand.publishAll(['lost', 'lost']);
    hand.wait(1);
    expect(hand.log).toEqual([
      'The queue for "a" is full: 1 QoS 1 message dropped.',
      'The queue for "a" is full: 2 QoS 1 messages dropped.',
    ]);
    expect(hand.connect('a', persistent).payloads).toEqual(['four', 'four']);
  });

  test('Expired messages take no room in a session’s queue and none of its pace', () => {
    hand = new BrokerInHand({ sessionLimits: { stored: atMost(30), pending: atMost(10), storedPerSecond: 10 } });
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    const short = { qos: 1, properties: { messageExpiryInterval: 5 } } as const;
    for (const payload of numbers(20)) hand.publish('t', payload, short);
    hand.publishAll(numbers(10));
    hand.wait(10);
    hand.publishAll(['room', 'for', 'more']);
    const after = hand.connect('a', persistent);
    hand.wait(1);
    expect(after.payloads).toEqual([...numbers(10), 'room', 'for', 'more']);
    expect(hand.log).toEqual([]);
  });

  test('An expired message behind others that never expire takes no room in a session’s queue', () => {
    hand = new BrokerInHand({ sessionLimits: { stored: atMost(3), pending: atMost(10), storedPerSecond: 10 } });
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    hand.publishAll(['first']);
    for (const payload of ['short', 'short']) {
      hand.publish('t', payload, { qos: 1, properties: { messageExpiryInterval: 5 } });
    }
    hand.publishAll(['lost']);
    hand.wait(5);
    hand.publishAll(['second', 'third', 'lost']);
    expect(hand.connect('a', persistent).payloads).toEqual(['first', 'second', 'third']);
  });

  test('Nothing is queued for a client whose session ended with its connection', () => {
    const before = hand.connect('a');
    before.subscribe('t');
    before.disconnect();
    hand.publishAll(['1']);
    expect(hand.connect('a', { clean: false }).received).toEqual([]);
  });
});
