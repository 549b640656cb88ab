import { defaultGroupLimits } from '../../../lib/iot-core-local/broker/shared-subscription';
import { atMost, BrokerInHand, groupFilter, persistent } from '../../support/fake-client';

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

const sorted = (...lists: readonly string[][]) => lists.flat().sort((a, b) => Number(a) - Number(b));

describe('a message for a group', () => {
  test.each([
    [0, 'a'],
    [0.33, 'a'],
    [0.34, 'b'],
    [0.66, 'b'],
    [0.67, 'c'],
    [0.999999, 'c'],
  ])('A message goes to the member that the random number picks: %d is %s', (dice, expected) => {
    const members = ['a', 'b', 'c'].map((clientId) => hand.member(clientId));
    hand.dice.push(dice);
    hand.publish('t', '1');
    const receivers = members.filter(({ received }) => received.length > 0);
    expect(receivers.map(({ session }) => session.clientId)).toEqual([expected]);
  });

  test('A message goes to one member, and each member gets some of many messages', () => {
    hand = new BrokerInHand({ random: Math.random });
    const members = ['a', 'b', 'c', 'd'].map((clientId) => hand.member(clientId));
    const payloads = hand.publishNumbers(400, 0);
    expect(sorted(...members.map((client) => client.payloads))).toEqual(payloads);
    // One of four members gets none of 400 messages once in 10^49 runs.
    expect(members.every(({ received }) => received.length > 0)).toBe(true);
  });

  test('A message goes to one member of each group and to each plain subscriber', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((clientId) => hand.connect(clientId));
    a.subscribe('$share/group1/t');
    b.subscribe('$share/group2/t');
    c.subscribe('$share/group2/t');
    c.subscribe('t');
    const payloads = hand.publishNumbers(10);
    expect(a.payloads).toEqual(payloads);
    expect(sorted(b.payloads, c.payloads)).toEqual(sorted(payloads, payloads));
  });

  test('A message goes to one member of each of two groups that have the same share name and different filters', () => {
    const [a, b] = ['a', 'b'].map((clientId) => hand.connect(clientId));
    a.subscribe('$share/group2/t');
    b.subscribe('$share/group2/#');
    hand.publish('t', '1');
    expect([a.payloads, b.payloads]).toEqual([['1'], ['1']]);
  });

  test('A message goes twice to a client that is a member of two groups', () => {
    const a = hand.connect('a');
    a.subscribe('$share/group2/t');
    a.subscribe('$share/group2/+');
    hand.publish('t', '1');
    expect(a.payloads).toEqual(['1', '1']);
  });

  test('A message reaches a member under its own topic, not under the filter', () => {
    const a = hand.member('a');
    hand.publish('t', '1');
    expect(a.received[0].topic).toBe('t');
  });

  test('A message reaches a member at the lower QoS of message and subscription', () => {
    const a = hand.connect('a');
    a.subscribe(groupFilter, { qos: 0 });
    hand.publish('t', '1', { qos: 1 });
    expect(a.received[0].qos).toBe(0);
  });

  test('A message goes to a member that can take it at once, if the picked one cannot', () => {
    const [a, b] = [hand.member('a', {}, 1), hand.member('b')];
    hand.publishNumbers(5);
    expect([a.payloads, b.payloads]).toEqual([['1'], ['2', '3', '4', '5']]);
  });

  test('A message goes to the picked member if no member can take it at once', () => {
    const [a, b] = [hand.member('a', {}, 1), hand.member('b', {}, 1)];
    const payloads = hand.publishNumbers(4);
    hand.dice.push(0.9);
    hand.publish('t', '5', { qos: 1 });
    for (let round = 0; round < 4; round += 1) for (const client of [a, b]) client.acknowledge();
    expect(sorted(a.payloads, b.payloads)).toEqual([...payloads, '5']);
    expect(b.payloads).toContain('5');
  });
});

describe('a member', () => {
  test('A member that unsubscribes gets no more messages', () => {
    const [a, b] = [hand.member('a'), hand.member('b')];
    expect(a.unsubscribe(groupFilter)).toBe(true);
    expect(a.unsubscribe(groupFilter)).toBe(false);
    const payloads = hand.publishNumbers(5);
    expect([a.payloads, b.payloads]).toEqual([[], payloads]);
  });

  test('A member that unsubscribes gives back the messages that waited for it', () => {
    const [a, b] = [hand.member('a', {}, 1), hand.member('b', {}, 1)];
    const payloads = hand.publishNumbers(10);
    a.unsubscribe(groupFilter);
    for (let round = 0; round < 10; round += 1) b.acknowledge();
    expect(a.payloads).toHaveLength(1);
    expect(sorted(a.payloads, b.payloads)).toEqual(payloads);
  });

  test('A member that subscribes again is still one member', () => {
    const [a, b] = [hand.member('a'), hand.member('b')];
    a.subscribe(groupFilter, { qos: 0 });
    const payloads = hand.publishNumbers(6);
    expect(sorted(a.payloads, b.payloads)).toEqual(payloads);
    hand.dice.push(0.9);
    hand.publish('t', '7', { qos: 1 });
    expect(a.received.at(-1)).toMatchObject({ payload: '7', qos: 0 });
  });

  test('A member that is away is not picked, though its session is kept', () => {
    const [a, b] = [hand.member('a', persistent), hand.member('b')];
    a.disconnect();
    const payloads = hand.publishNumbers(20);
    expect(b.payloads).toEqual(payloads);
    const back = hand.connect('a', persistent);
    expect([back.isPresent, back.payloads]).toEqual([true, []]);
    hand.dice.push(0.9);
    hand.publish('t', '21');
    expect(back.payloads).toEqual(['21']);
  });

  test('A member that joins is picked from then on', () => {
    const a = hand.member('a');
    hand.publishNumbers(3);
    const b = hand.member('b');
    hand.dice.push(0.9);
    hand.publish('t', '4');
    expect([a.payloads.length, b.payloads]).toEqual([3, ['4']]);
  });
});

describe('a group whose members are all away', () => {
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
});

describe('the group’s queue', () => {
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
    expect(sorted(...members.map((client) => client.payloads))).toEqual(payloads);
  });
});

describe('a member that cannot have a message', () => {
  const large = 'x'.repeat(200);

  test.each([0, 1] as const)('A QoS %i message that is too large for one member goes to one that takes it', (qos) => {
    hand = new BrokerInHand({ random: Math.random });
    const [small, b] = [hand.member('small'), hand.member('b')];
    small.maximumPacketSize = 100;
    for (let count = 0; count < 40; count += 1) hand.publish('t', large, { qos });
    expect([small.received.length, b.received.length]).toEqual([0, 40]);
    for (let count = 0; count < 100; count += 1) hand.publish('t', 'x');
    expect(small.received.length).toBeGreaterThan(0);
    hand.wait(1);
    expect(hand.log).toEqual([]);
  });

  test.each([0, 1] as const)('A QoS %i message that a member may not receive goes to one that may', (qos) => {
    const [a, b] = [hand.member('a'), hand.member('b')];
    a.refusedTopic = 't';
    hand.publishNumbers(20, qos);
    expect([a.received.length, b.received.length]).toEqual([0, 20]);
    hand.wait(1);
    expect(hand.log).toEqual([]);
  });

  test('The only member of a large group that may receive gets every message', () => {
    const members = Array.from({ length: 50 }, (_, index) => hand.member(`m${index}`));
    for (const each of members.slice(0, 49)) each.refusedTopic = 't';
    const payloads = hand.publishNumbers(5);
    expect(members[49].payloads).toEqual(payloads);
  });

  test('A message that no connected member takes is dropped, and the log says how many', () => {
    const [a, b] = [hand.member('a'), hand.member('b')];
    for (const each of [a, b]) each.maximumPacketSize = 100;
    for (const qos of [0, 1, 1] as const) hand.publish('t', large, { qos });
    a.refusedTopic = 't';
    hand.publish('t', large);
    b.refusedTopic = 't';
    hand.publishNumbers(2);
    hand.wait(1);
    expect(hand.log).toEqual([
      'Packet too large: 4 messages for the group "$share/group2/t" dropped.',
      'No right to receive: 2 messages for the group "$share/group2/t" dropped.',
    ]);
  });

  test('A message that waits for a member whose right goes meanwhile is given to another member', () => {
    const [a, b] = [hand.member('a', {}, 1), hand.member('b', {}, 1)];
    const payloads = hand.publishNumbers(6);
    a.refusedTopic = 't';
    a.acknowledge();
    for (let round = 0; round < 6; round += 1) b.acknowledge();
    expect(a.payloads).toHaveLength(1);
    expect(sorted(a.payloads, b.payloads)).toEqual(payloads);
    hand.wait(1);
    expect(hand.log).toEqual([]);
  });

  test('An unacknowledged message that a returning client takes no longer goes to the group’s new members', () => {
    const a = hand.member('a', persistent);
    hand.publish('t', large, { qos: 1 });
    a.unsubscribe(groupFilter);
    a.disconnect();
    const b = hand.member('b');
    const back = hand.broker.connect({ clientId: 'a', version: 5, ...persistent }, a).session;
    a.maximumPacketSize = 100;
    a.received.length = 0;
    back.resume();
    expect([a.payloads, b.payloads]).toEqual([[], [large]]);
  });

  test('A message beyond a member’s quota is lost, and no other member gets it', () => {
    const [a, b] = [hand.member('a', {}, 1), hand.member('b')];
    a.hasQuota = false;
    hand.publishNumbers(3);
    expect([a.payloads, b.payloads]).toEqual([[], []]);
    a.hasQuota = true;
    hand.publish('t', '4', { qos: 1 });
    expect(a.payloads).toEqual(['4']);
  });
});
