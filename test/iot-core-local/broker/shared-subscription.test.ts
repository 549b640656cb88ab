import { defaultGroupLimits } from '../../../lib/iot-core-local/broker/shared-subscription';
import { atMost, BrokerInHand, type FakeClient } from '../../support/fake-client';

const filter = '$share/group2/t';
const persistent = { clean: false, expiryInterval: 3_600_000 } as const;

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

function member(
  clientId: string,
  options: Parameters<BrokerInHand['connect']>[1] = {},
  receiveMaximum = 100,
): FakeClient {
  const client = hand.connect(clientId, options, receiveMaximum);
  client.subscribe(filter);
  return client;
}

function publishAll(count: number, qos: 0 | 1 = 1): string[] {
  const payloads = Array.from({ length: count }, (_, index) => String(index + 1));
  for (const payload of payloads) hand.publish('t', payload, { qos });
  return payloads;
}

const sorted = (...lists: readonly string[][]) => lists.flat().sort((a, b) => Number(a) - Number(b));

describe('a message goes to', () => {
  test.each([
    [0, 'a'],
    [0.33, 'a'],
    [0.34, 'b'],
    [0.66, 'b'],
    [0.67, 'c'],
    [0.999999, 'c'],
  ])('the member on whom the dice fall: %d is %s', (dice, expected) => {
    const members = ['a', 'b', 'c'].map((clientId) => member(clientId));
    hand.dice.push(dice);
    hand.publish('t', '1');
    const receivers = members.filter(({ received }) => received.length > 0);
    expect(receivers.map(({ session }) => session.clientId)).toEqual([expected]);
  });

  test('one member, and each gets some of many', () => {
    hand = new BrokerInHand({ random: Math.random });
    const members = ['a', 'b', 'c', 'd'].map((clientId) => member(clientId));
    const payloads = publishAll(400, 0);
    expect(sorted(...members.map((client) => client.payloads))).toEqual(payloads);
    // That one of four gets none of 400 happens once in 10^49 runs.
    expect(members.every(({ received }) => received.length > 0)).toBe(true);
  });

  test('one member of each group, and to whoever subscribes plainly as well', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((clientId) => hand.connect(clientId));
    a.subscribe('$share/group1/t');
    b.subscribe('$share/group2/t');
    c.subscribe('$share/group2/t');
    c.subscribe('t');
    const payloads = publishAll(10);
    expect(a.payloads).toEqual(payloads);
    expect(sorted(b.payloads, c.payloads)).toEqual(sorted(payloads, payloads));
  });

  test('two members that share a share name but not a filter', () => {
    const [a, b] = ['a', 'b'].map((clientId) => hand.connect(clientId));
    a.subscribe('$share/group2/t');
    b.subscribe('$share/group2/#');
    hand.publish('t', '1');
    expect([a.payloads, b.payloads]).toEqual([['1'], ['1']]);
  });

  test('a member twice that is in the group by one filter and by another', () => {
    const a = hand.connect('a');
    a.subscribe('$share/group2/t');
    a.subscribe('$share/group2/+');
    hand.publish('t', '1');
    expect(a.payloads).toEqual(['1', '1']);
  });

  test('a member under its own topic, not the filter', () => {
    const a = member('a');
    hand.publish('t', '1');
    expect(a.received[0].topic).toBe('t');
  });

  test('a member at the lower of both QoS', () => {
    const a = hand.connect('a');
    a.subscribe(filter, { qos: 0 });
    hand.publish('t', '1', { qos: 1 });
    expect(a.received[0].qos).toBe(0);
  });

  test('whoever takes it at once, where the one on whom the dice fall would have to wait', () => {
    const [a, b] = [member('a', {}, 1), member('b')];
    publishAll(5);
    expect([a.payloads, b.payloads]).toEqual([['1'], ['2', '3', '4', '5']]);
  });

  test('the one on whom the dice fall where all would have to wait', () => {
    const [a, b] = [member('a', {}, 1), member('b', {}, 1)];
    const payloads = publishAll(4);
    hand.dice.push(0.9);
    hand.publish('t', '5', { qos: 1 });
    for (let round = 0; round < 4; round += 1) for (const client of [a, b]) client.acknowledge();
    expect(sorted(a.payloads, b.payloads)).toEqual([...payloads, '5']);
    expect(b.payloads).toContain('5');
  });
});

describe('a member', () => {
  test('that unsubscribes gets no more', () => {
    const [a, b] = [member('a'), member('b')];
    expect(a.unsubscribe(filter)).toBe(true);
    expect(a.unsubscribe(filter)).toBe(false);
    const payloads = publishAll(5);
    expect([a.payloads, b.payloads]).toEqual([[], payloads]);
  });

  test('that unsubscribes gives back what waited for it', () => {
    const [a, b] = [member('a', {}, 1), member('b', {}, 1)];
    const payloads = publishAll(10);
    a.unsubscribe(filter);
    for (let round = 0; round < 10; round += 1) b.acknowledge();
    expect(a.payloads).toHaveLength(1);
    expect(sorted(a.payloads, b.payloads)).toEqual(payloads);
  });

  test('that subscribes again is one member still', () => {
    const [a, b] = [member('a'), member('b')];
    a.subscribe(filter, { qos: 0 });
    const payloads = publishAll(6);
    expect(sorted(a.payloads, b.payloads)).toEqual(payloads);
    hand.dice.push(0.9);
    hand.publish('t', '7', { qos: 1 });
    expect(a.received.at(-1)).toMatchObject({ payload: '7', qos: 0 });
  });

  test('that is away is not chosen, though its session is kept', () => {
    const [a, b] = [member('a', persistent), member('b')];
    a.disconnect();
    const payloads = publishAll(20);
    expect(b.payloads).toEqual(payloads);
    const back = hand.connect('a', persistent);
    expect([back.isPresent, back.payloads]).toEqual([true, []]);
    hand.dice.push(0.9);
    hand.publish('t', '21');
    expect(back.payloads).toEqual(['21']);
  });

  test('that joins is chosen from then on', () => {
    const a = member('a');
    publishAll(3);
    const b = member('b');
    hand.dice.push(0.9);
    hand.publish('t', '4');
    expect([a.payloads.length, b.payloads]).toEqual([3, ['4']]);
  });
});

describe('when the receiver goes before its PUBACK', () => {
  test.each([
    ['clean', {}],
    ['persistent', persistent],
  ])('a message of QoS 1 goes to the next member, if its session is %s', (_, options) => {
    const a = member('a', options);
    const payloads = publishAll(5);
    const b = member('b');
    a.disconnect();
    expect([a.payloads, b.payloads]).toEqual([payloads, payloads]);
    expect(hand.connect('a', options).payloads).toEqual([]);
  });

  test('what it has acknowledged is not sent again', () => {
    const a = member('a');
    publishAll(5);
    const b = member('b');
    a.session.acknowledge(a.received[1].packetId!);
    a.session.acknowledge(a.received[3].packetId!);
    a.disconnect();
    expect(b.payloads).toEqual(['1', '3', '5']);
  });

  test('what still waited for it goes to the next member as well, in order', () => {
    const a = member('a', {}, 2);
    publishAll(5);
    const b = member('b');
    a.disconnect();
    expect(b.payloads).toEqual(['1', '2', '3', '4', '5']);
  });

  test('a message of QoS 0 does not', () => {
    const a = member('a');
    publishAll(3, 0);
    const b = member('b');
    a.disconnect();
    expect(b.payloads).toEqual([]);
  });

  test('a message of its plain subscription does not either', () => {
    const a = hand.connect('a', persistent);
    a.subscribe(filter);
    a.subscribe('t');
    const b = member('b');
    hand.publish('t', '1', { qos: 1 });
    a.disconnect();
    expect([a.payloads, b.payloads]).toEqual([['1', '1'], ['1']]);
    expect(hand.connect('a', persistent).payloads).toEqual(['1']);
  });

  test('by a takeover, its own next connection is no longer owed it', () => {
    const [a, b] = [member('a', persistent), member('b')];
    hand.publish('t', '1', { qos: 1 });
    const again = hand.connect('a', persistent);
    expect([a.closedWith, a.payloads, b.payloads, again.payloads]).toEqual([0x8e, ['1'], ['1'], []]);
  });

  test('having left the group before, it goes to whoever has joined the group anew', () => {
    const a = member('a');
    hand.publish('t', '1', { qos: 1 });
    a.unsubscribe(filter);
    const b = member('b');
    a.disconnect();
    expect(b.payloads).toEqual(['1']);
  });

  test('having been the last to leave the group, it gets the rest of the delivery when it is back', () => {
    const a = member('a', persistent, 5);
    const payloads = publishAll(5);
    a.session.acknowledge(a.received[0].packetId!);
    a.unsubscribe(filter);
    a.disconnect();
    const b = member('b');
    const back = hand.connect('a', persistent, 3);
    expect([back.payloads, b.payloads]).toEqual([payloads.slice(1, 4), []]);
    b.unsubscribe(filter);
    // Also what it has no room for, before it goes again.
    back.disconnect();
    const again = hand.connect('a', persistent);
    expect(again.payloads.sort()).toEqual(payloads.slice(1));
    again.acknowledge();
    again.disconnect();
    expect(hand.connect('a', persistent).payloads).toEqual([]);
  });

  test('again and again, every message still arrives', () => {
    const payloads: string[] = [];
    const acknowledged: string[] = [];
    let current = member('m0', {}, 7);
    for (let round = 1; round <= 50; round += 1) {
      for (let index = 0; index < 10; index += 1) {
        payloads.push(`${round}.${index}`);
        hand.publish('t', payloads.at(-1)!, { qos: 1 });
      }
      for (const { payload, packetId } of current.received.splice(0, 3)) {
        acknowledged.push(payload);
        current.session.acknowledge(packetId!);
      }
      const next = member(`m${round}`, {}, 7);
      current.disconnect();
      current = next;
    }
    for (let round = 0; round < 500; round += 1) {
      for (const { payload, packetId } of current.received.splice(0)) {
        acknowledged.push(payload);
        current.session.acknowledge(packetId!);
      }
    }
    expect(acknowledged.sort()).toEqual(payloads.sort());
  });
});

describe('while all members are away', () => {
  test.each([
    ['of QoS 0, though a session is kept', 0, persistent, []],
    ['of QoS 1, as no session is kept', 1, {}, []],
  ] as const)('messages %s are lost', (_, qos, options, expected) => {
    member('a', options).disconnect();
    publishAll(3, qos);
    expect(member('a', options).payloads).toEqual(expected);
  });

  test('messages of QoS 1 are kept if a session is kept, for it or for whoever comes first', () => {
    const away = [member('a', persistent), member('b')];
    for (const client of away) client.disconnect();
    const payloads = publishAll(3);
    expect(member('c').payloads).toEqual(payloads);
    expect(hand.connect('a', persistent).payloads).toEqual([]);
  });

  test('what the last one did not acknowledge is kept too', () => {
    const a = member('a', persistent);
    hand.publish('t', '1', { qos: 1 });
    a.disconnect();
    expect(hand.connect('a', persistent).payloads).toEqual(['1']);
  });

  test('messages are kept until the last kept session ends', () => {
    member('a', { ...persistent, expiryInterval: 10_000 }).disconnect();
    publishAll(3);
    hand.wait(9);
    expect(hand.broker.findSession('a')).toBeDefined();
    hand.wait(1);
    expect(hand.broker.findSession('a')).toBeUndefined();
    expect(member('b').payloads).toEqual([]);
  });

  test('a message that expires is not sent', () => {
    member('a', persistent).disconnect();
    hand.publish('t', 'short', { qos: 1, properties: { messageExpiryInterval: 5 } });
    hand.publish('t', 'long', { qos: 1, properties: { messageExpiryInterval: 15 } });
    hand.wait(10);
    const back = hand.connect('a', persistent);
    expect(back.received).toMatchObject([{ payload: 'long', messageExpiryInterval: 5 }]);
  });

  test('no more is kept than the bound, and the oldest stay', () => {
    hand = new BrokerInHand({ groupLimits: { ...defaultGroupLimits, stored: atMost(3) } });
    member('a', persistent).disconnect();
    publishAll(5);
    expect(hand.connect('a', persistent).payloads).toEqual(['1', '2', '3']);
  });

  test('what is beyond the bound is lost, and the log says how many', () => {
    hand = new BrokerInHand({ groupLimits: { ...defaultGroupLimits, stored: { messages: 100, bytes: 4 } } });
    member('a', persistent).disconnect();
    publishAll(5);
    hand.wait(2);
    expect(hand.log).toEqual([
      'As much waits for the members of "$share/group2/t" as may: 3 messages at QoS 1 were dropped.',
    ]);
    expect(hand.connect('a', persistent).payloads).toEqual(['1', '2']);
  });
});

describe('what was kept is released', () => {
  test('at its pace, in which what has expired meanwhile has no part, nor in the bound', () => {
    hand = new BrokerInHand({ groupLimits: { ...defaultGroupLimits, stored: atMost(50) } });
    member('a', persistent).disconnect();
    const short = { qos: 1, properties: { messageExpiryInterval: 5 } } as const;
    for (let count = 0; count < 40; count += 1) hand.publish('t', 'expired', short);
    const payloads = publishAll(10);
    hand.wait(10);
    hand.publish('t', 'more', { qos: 1 });
    expect(hand.connect('a', persistent).payloads).toEqual([...payloads, 'more']);
    hand.wait(1);
    expect(hand.log).toEqual([]);
  });

  test('at 20 a second', () => {
    member('a', persistent).disconnect();
    const payloads = publishAll(50);
    const a = hand.connect('a', persistent);
    const counts = [a.received.length];
    for (let second = 0; second < 3; second += 1) {
      hand.wait(1);
      counts.push(a.received.length);
    }
    expect(counts).toEqual([20, 40, 50, 50]);
    expect(a.payloads).toEqual(payloads);
  });

  test('at 20 a second for each member', () => {
    hand = new BrokerInHand({ random: Math.random });
    member('a', persistent).disconnect();
    const payloads = publishAll(150);
    const members = [hand.connect('a', persistent), member('b'), member('c')];
    const before = members.flatMap((client) => client.payloads).length;
    hand.wait(1);
    const after = members.flatMap((client) => client.payloads);
    expect(after.length - before).toBe(Math.min(60, 150 - before));
    hand.wait(2);
    expect(sorted(...members.map((client) => client.payloads))).toEqual(payloads);
  });
});
