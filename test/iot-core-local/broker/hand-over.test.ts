import { defaultGroupLimits } from '../../../lib/iot-core-local/broker/shared-subscription';
import { atMost, BrokerInHand, groupFilter, numbers, persistent } from '../../support/fake-client';

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

describe('a hand-over', () => {
  test.each([
    ['clean', {}],
    ['persistent', persistent],
  ])(
    'A QoS 1 message goes to another member when its receiver goes before its PUBACK, with a %s session',
    (_, options) => {
      const a = hand.member('a', options);
      const payloads = hand.publishNumbers(5);
      const b = hand.member('b');
      a.disconnect();
      expect([a.payloads, b.payloads]).toEqual([payloads, payloads]);
      expect(hand.connect('a', options).payloads).toEqual([]);
    },
  );

  test('A message that its receiver acknowledged is not handed over', () => {
    const a = hand.member('a');
    hand.publishNumbers(5);
    const b = hand.member('b');
    a.acknowledgeOnly(a.received[1].packetId!);
    a.acknowledgeOnly(a.received[3].packetId!);
    a.disconnect();
    expect(b.payloads).toEqual(['1', '3', '5']);
  });

  test('Messages that waited for a member go to another one in order when it goes', () => {
    const a = hand.member('a', {}, 2);
    hand.publishNumbers(5);
    const b = hand.member('b');
    a.disconnect();
    expect(b.payloads).toEqual(['1', '2', '3', '4', '5']);
  });

  test('A QoS 0 message is not handed over when its receiver goes', () => {
    const a = hand.member('a');
    hand.publishNumbers(3, 0);
    const b = hand.member('b');
    a.disconnect();
    expect(b.payloads).toEqual([]);
  });

  test('A message of a plain subscription is not handed over when its receiver goes', () => {
    const a = hand.connect('a', persistent);
    a.subscribe(groupFilter);
    a.subscribe('t');
    const b = hand.member('b');
    hand.publish('t', '1', { qos: 1 });
    a.disconnect();
    expect([a.payloads, b.payloads]).toEqual([['1', '1'], ['1']]);
    expect(hand.connect('a', persistent).payloads).toEqual(['1']);
  });

  test('A message that was handed over because of a takeover is not sent to the new connection', () => {
    const [a, b] = [hand.member('a', persistent), hand.member('b')];
    hand.publish('t', '1', { qos: 1 });
    const again = hand.connect('a', persistent);
    expect([a.closedWith, a.payloads, b.payloads, again.payloads]).toEqual([0x8e, ['1'], ['1'], []]);
  });

  test('A message under way to a client that has left the group goes to a member that joined later', () => {
    const a = hand.member('a');
    hand.publish('t', '1', { qos: 1 });
    a.unsubscribe(groupFilter);
    const b = hand.member('b');
    a.disconnect();
    expect(b.payloads).toEqual(['1']);
  });

  test('A client that was the last to leave its group gets its unacknowledged messages when it is back', () => {
    const a = hand.member('a', persistent, 5);
    const payloads = hand.publishNumbers(5);
    a.acknowledgeOnly(a.received[0].packetId!);
    a.unsubscribe(groupFilter);
    a.disconnect();
    const b = hand.member('b');
    const back = hand.connect('a', persistent, 3);
    expect([back.payloads, b.payloads]).toEqual([payloads.slice(1, 4), []]);
    b.unsubscribe(groupFilter);
    // Also the message that it has no room for before it goes again.
    back.disconnect();
    const again = hand.connect('a', persistent);
    expect(again.payloads.sort()).toEqual(payloads.slice(1));
    again.acknowledge();
    again.disconnect();
    expect(hand.connect('a', persistent).payloads).toEqual([]);
  });

  test('Every message arrives when receivers go again and again', () => {
    const payloads: string[] = [];
    const acknowledged: string[] = [];
    let current = hand.member('m0', {}, 7);
    for (let round = 1; round <= 50; round += 1) {
      for (let index = 0; index < 10; index += 1) {
        payloads.push(`${round}.${index}`);
        hand.publish('t', payloads.at(-1)!, { qos: 1 });
      }
      for (const { payload, packetId } of current.received.splice(0, 3)) {
        acknowledged.push(payload);
        current.acknowledgeOnly(packetId!);
      }
      const next = hand.member(`m${round}`, {}, 7);
      current.disconnect();
      current = next;
    }
    for (let round = 0; round < 500; round += 1) {
      for (const { payload, packetId } of current.received.splice(0)) {
        acknowledged.push(payload);
        current.acknowledgeOnly(packetId!);
      }
    }
    expect(acknowledged.sort()).toEqual(payloads.sort());
  });
});

describe('the log of a hand-over', () => {
  test('The log tells who went, how many messages it left, and who got them', () => {
    const a = hand.member('a', {}, 3);
    hand.publishNumbers(5);
    hand.member('b');
    hand.member('c');
    hand.dice.push(0, 0.9, 0.9, 0.9, 0);
    a.disconnect();
    expect(hand.log).toEqual([
      '"a" left 3 unacknowledged and 2 waiting messages of "$share/group2/t"; they went: 3 to "b", 2 to "c".',
    ]);
  });

  test('The log tells that a group’s queue got the messages of the last member', () => {
    const a = hand.member('a', persistent);
    hand.publish('t', '1', { qos: 1 });
    a.disconnect();
    expect(hand.log).toEqual([
      '"a" left 1 unacknowledged message of "$share/group2/t"; they went: 1 into the group\'s queue.',
    ]);
  });

  test('The log counts what the group’s queue got, also when expired messages make room there', () => {
    hand = new BrokerInHand({ groupLimits: { ...defaultGroupLimits, stored: atMost(3), storedPerSecond: 1 } });
    hand.member('a', persistent).disconnect();
    const short = { qos: 1, properties: { messageExpiryInterval: 5 } } as const;
    for (const payload of numbers(3)) hand.publish('t', payload, short);
    const a = hand.connect('a', persistent);
    hand.publishAll(['4', '5']);
    expect(a.payloads).toEqual(['1', '4', '5']);
    hand.now += 5000;
    a.disconnect();
    expect(hand.log).toEqual([
      '"a" left 3 unacknowledged messages of "$share/group2/t"; they went: 2 into the group\'s queue; 1 had expired.',
    ]);
  });

  test('The log tells that messages had expired, which go to no other member', () => {
    const a = hand.member('a');
    const b = hand.connect('b');
    for (const payload of numbers(2)) {
      hand.publish('t', payload, { qos: 1, properties: { messageExpiryInterval: 5 } });
    }
    b.subscribe(groupFilter, { qos: 0 });
    hand.now += 5000;
    a.disconnect();
    expect([b.payloads, hand.log]).toEqual([
      [],
      ['"a" left 2 unacknowledged messages of "$share/group2/t"; they had expired.'],
    ]);
  });

  test('The log tells that nobody got the messages of a clean session that was the group’s last member', () => {
    const a = hand.member('a');
    hand.publishNumbers(2);
    a.disconnect();
    expect(hand.log).toEqual([
      '"a" left 2 unacknowledged messages of "$share/group2/t"; the group has nobody who could have them.',
    ]);
  });

  test('The log warns of a hand-over only if nobody could have messages that had not expired', () => {
    const levels: string[] = [];
    hand = new BrokerInHand({ log: ({ level }) => levels.push(level) });
    const leave = (properties?: { messageExpiryInterval: number }) => {
      const a = hand.member('a');
      hand.publish('t', '1', { qos: 1, properties });
      hand.now += 1000;
      a.disconnect();
    };
    leave();
    leave({ messageExpiryInterval: 1 });
    hand.member('b', persistent).disconnect();
    leave();
    expect(levels).toEqual(['warn', 'info', 'info']);
  });

  test('The log tells each group of a client that goes, and nothing if it had acknowledged all', () => {
    const [a, b] = [hand.connect('a'), hand.connect('b')];
    for (const group of ['one', 'two', 'three']) a.subscribe(`$share/${group}/${group}`);
    for (const group of ['one', 'two']) hand.publish(group, '1', { qos: 1 });
    hand.publish('three', '1', { qos: 1 });
    a.acknowledgeOnly(a.received[2].packetId!);
    for (const group of ['one', 'two', 'three']) b.subscribe(`$share/${group}/${group}`);
    a.disconnect();
    expect(hand.log).toEqual([
      '"a" left 1 unacknowledged message of "$share/one/one"; they went: 1 to "b".',
      '"a" left 1 unacknowledged message of "$share/two/two"; they went: 1 to "b".',
    ]);
  });

  test('The log names the receivers of most messages and counts the others', () => {
    const a = hand.member('a');
    hand.publishNumbers(100);
    for (let index = 0; index < 10; index += 1) hand.member(`m${index}`);
    hand.dice.push(...Array.from({ length: 100 }, (_, index) => (index % 10) / 10 + 0.05));
    a.disconnect();
    expect(hand.log).toEqual([
      expect.stringMatching(
        /^"a" left 100 unacknowledged messages of "\$share\/group2\/t"; they went: (10 to "m\d", ){5}50 to 5 other members\.$/,
      ),
    ]);
  });
});
