import { defaultGroupLimits } from '../../../lib/iot-core-local/broker/shared-subscription';
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

  test('A client that returns again and again gets the queue of its session no faster', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    hand.publishAll(numbers(25));
    const returns = Array.from({ length: 4 }, () => {
      const client = hand.connect('a', persistent);
      const { length } = client.received;
      client.acknowledge();
      client.disconnect();
      return length;
    });
    expect(returns).toEqual([10, 0, 0, 0]);
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

describe('the queue of a group whose members are all away', () => {
  test.each([
    ['of QoS 0, though a session is kept', 0, persistent, []],
    ['of QoS 1, as no session is kept', 1, {}, []],
  ] as const)('Messages %s are lost while all members are away', (_, qos, options, expected) => {
    hand.member('a', options).disconnect();
    hand.publishNumbers(3, qos);
    expect(hand.member('a', options).payloads).toEqual(expected);
  });

  test('QoS 1 messages are queued while all members are away if a session is kept, for whichever member comes first', () => {
    const away = [hand.member('a', persistent), hand.member('b')];
    for (const client of away) client.disconnect();
    const payloads = hand.publishNumbers(3);
    expect(hand.member('c').payloads).toEqual(payloads);
    expect(hand.connect('a', persistent).payloads).toEqual([]);
  });

  test('Messages that the last member did not acknowledge are kept while all members are away', () => {
    const a = hand.member('a', persistent);
    hand.publish('t', '1', { qos: 1 });
    a.disconnect();
    expect(hand.connect('a', persistent).payloads).toEqual(['1']);
  });

  test('The group’s queue is kept until the last kept session ends', () => {
    hand.member('a', { ...persistent, expiryInterval: 10_000 }).disconnect();
    hand.publishNumbers(3);
    hand.wait(9);
    expect(hand.broker.findSession('a')).toBeDefined();
    hand.wait(1);
    expect(hand.broker.findSession('a')).toBeUndefined();
    expect(hand.member('b').payloads).toEqual([]);
  });

  test('A message that expires in the group’s queue is not sent', () => {
    hand.member('a', persistent).disconnect();
    hand.publish('t', 'short', { qos: 1, properties: { messageExpiryInterval: 5 } });
    hand.publish('t', 'long', { qos: 1, properties: { messageExpiryInterval: 15 } });
    hand.wait(10);
    const back = hand.connect('a', persistent);
    expect(back.received).toMatchObject([{ payload: 'long', messageExpiryInterval: 5 }]);
  });

  test('The group’s queue is bounded, and the oldest messages stay', () => {
    hand = new BrokerInHand({ groupLimits: { ...defaultGroupLimits, stored: atMost(3) } });
    hand.member('a', persistent).disconnect();
    hand.publishNumbers(5);
    expect(hand.connect('a', persistent).payloads).toEqual(['1', '2', '3']);
  });

  test('Messages beyond the bound of the group’s queue are dropped, and the log says how many', () => {
    hand = new BrokerInHand({ groupLimits: { ...defaultGroupLimits, stored: { messages: 100, bytes: 4 } } });
    hand.member('a', persistent).disconnect();
    hand.publishNumbers(5);
    hand.wait(2);
    expect(hand.log).toEqual(['The queue for the group "$share/group2/t" is full: 3 QoS 1 messages dropped.']);
    expect(hand.connect('a', persistent).payloads).toEqual(['1', '2']);
  });

  test('Expired messages take no room in the group’s queue and none of its pace', () => {
    hand = new BrokerInHand({ groupLimits: { ...defaultGroupLimits, stored: atMost(50) } });
    hand.member('a', persistent).disconnect();
    const short = { qos: 1, properties: { messageExpiryInterval: 5 } } as const;
    for (let count = 0; count < 40; count += 1) hand.publish('t', 'expired', short);
    const payloads = hand.publishNumbers(10);
    hand.wait(10);
    hand.publish('t', 'more', { qos: 1 });
    expect(hand.connect('a', persistent).payloads).toEqual([...payloads, 'more']);
    hand.wait(1);
    expect(hand.log).toEqual([]);
  });

  test('The group’s queue is delivered at 20 messages a second', () => {
    hand.member('a', persistent).disconnect();
    const payloads = hand.publishNumbers(50);
    const a = hand.connect('a', persistent);
    const counts = [a.received.length];
    for (let second = 0; second < 3; second += 1) {
      hand.wait(1);
      counts.push(a.received.length);
    }
    expect(counts).toEqual([20, 40, 50, 50]);
    expect(a.payloads).toEqual(payloads);
  });

  test('A member that returns or subscribes again and again gets the group’s queue no faster', () => {
    hand.member('a', persistent).disconnect();
    const payloads = hand.publishNumbers(50);
    const counts = Array.from({ length: 4 }, () => {
      const a = hand.connect('a', persistent);
      a.subscribe('$share/group2/t');
      const { length } = a.received;
      a.acknowledge();
      a.disconnect();
      return length;
    });
    expect(counts).toEqual([20, 0, 0, 0]);
    hand.wait(1);
    expect(hand.connect('a', persistent).payloads).toEqual(payloads.slice(20, 40));
  });

  test('A client whose session is clean gets the group’s queue no faster when it returns again and again', () => {
    hand.member('a', persistent).disconnect();
    const payloads = hand.publishNumbers(70);
    const comeAndGo = () => {
      const b = hand.member('b');
      b.acknowledge();
      b.disconnect();
      return b.payloads;
    };
    expect(comeAndGo()).toEqual(payloads.slice(0, 20));
    expect([comeAndGo(), comeAndGo()]).toEqual([[], []]);
    // Another client has a pace of its own.
    const c = hand.member('c');
    c.acknowledge();
    expect(c.payloads).toEqual(payloads.slice(20, 40));
    c.disconnect();
    hand.now += 999;
    expect(comeAndGo()).toEqual([]);
    hand.now += 1;
    expect(comeAndGo()).toEqual(payloads.slice(40, 60));
    // A tick forgets the clients that came longer ago than a second, and no other.
    hand.now += 400;
    hand.broker.tick();
    expect(comeAndGo()).toEqual([]);
    hand.wait(1);
    expect(comeAndGo()).toEqual(payloads.slice(60));
  });

  test('The group’s queue is delivered at 20 messages a second for each member', () => {
    hand = new BrokerInHand({ random: Math.random });
    hand.member('a', persistent).disconnect();
    const payloads = hand.publishNumbers(150);
    const members = [hand.connect('a', persistent), hand.member('b'), hand.member('c')];
    const before = members.flatMap((client) => client.payloads).length;
    hand.wait(1);
    const after = members.flatMap((client) => client.payloads);
    expect(after.length - before).toBe(Math.min(60, 150 - before));
    hand.wait(2);
    expect(members.flatMap((client) => client.payloads).sort((a, b) => Number(a) - Number(b))).toEqual(payloads);
  });
});
