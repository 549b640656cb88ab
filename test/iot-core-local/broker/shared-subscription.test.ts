import { BrokerInHand, groupFilter, persistent } from '../../support/fake-client';

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
