import { Message } from '../../../lib/iot-core-local/broker/message';
import { dataViewOf } from '../../../lib/iot-core-local/mqtt/copy-bytes';
import { Payload } from '../../../lib/iot-core-local/mqtt/payload';
import { atMost, BrokerInHand } from '../../support/fake-client';

const persistent = { clean: false, expiryInterval: 3_600_000 } as const;

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

/** The numbers from 1 to `count`, as payloads. */
const numbers = (count: number, from = 1) => Array.from({ length: count }, (_, index) => String(from + index));

function publishAll(payloads: readonly string[], qos: 0 | 1 = 1): void {
  for (const payload of payloads) hand.publish('t', payload, { qos });
}

describe('a client’s receive maximum', () => {
  test('A client has at most its receive maximum of unacknowledged QoS 1 messages', () => {
    const client = hand.connect('a', {}, 3);
    client.subscribe('t');
    publishAll(numbers(5));
    expect(client.payloads).toEqual(numbers(3));
    client.acknowledgeOnly(client.received[1].packetId!);
    expect(client.payloads).toEqual(numbers(4));
    client.acknowledge();
    expect(client.payloads).toEqual(numbers(5));
  });

  test('A client’s receive maximum holds up QoS 0 messages only behind a QoS 1 message that waits', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    publishAll(['1', '2'], 1);
    publishAll(['3'], 0);
    expect(client.payloads).toEqual(['1']);
    client.acknowledge();
    client.acknowledge();
    expect(client.payloads).toEqual(['1', '2', '3']);
  });

  test('A client’s receive maximum does not limit QoS 0 messages', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    publishAll(numbers(5), 0);
    expect(client.payloads).toEqual(numbers(5));
  });

  test('A client’s receive maximum is that of its current connection, also for messages that are sent again', () => {
    const before = hand.connect('a', persistent, 10);
    before.subscribe('t');
    publishAll(numbers(5));
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
  publishAll(['1', '2']);
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
});

// A message's payload lies in the chunk that it came in, which may be much larger than all that is left of it.
describe('the chunk of a message', () => {
  /** Publishes a message from a chunk of 16 KiB. @returns a function that overwrites the chunk */
  function publishInChunk(payload: string, { qos = 1, retain = false }: { qos?: 0 | 1; retain?: boolean } = {}) {
    const chunk = Buffer.alloc(16_384, payload);
    hand.broker.publish(
      new Message('t', new Payload(dataViewOf(chunk), 100, payload.length), qos, retain, 'car1', hand.now),
    );
    return () => chunk.fill(0);
  }

  test('A message that is not acknowledged, or waits, is independent of its chunk after a tick', () => {
    const client = hand.connect('a', persistent, 1);
    client.subscribe('t');
    const overwrite = [publishInChunk('1'), publishInChunk('2'), publishInChunk('3', { qos: 0 })];
    hand.wait(1);
    for (const each of overwrite) each();
    client.acknowledge();
    client.acknowledge();
    expect(client.payloads).toEqual(['1', '2', '3']);
    const last = publishInChunk('4');
    client.disconnect();
    hand.wait(1);
    last();
    expect(hand.connect('a', persistent).payloads).toEqual(['4']);
  });

  test('A QoS 0 message that waits for a client that does not read is independent of its chunk after a tick', () => {
    const client = hand.connect('a');
    client.subscribe('t');
    client.isCongested = true;
    const overwrite = publishInChunk('1', { qos: 0 });
    hand.wait(1);
    overwrite();
    client.isCongested = false;
    client.session.flow();
    expect(client.payloads).toEqual(['1']);
  });

  test('A message that is stored or retained is independent of its chunk at once', () => {
    hand.connect('a', persistent).subscribe('t');
    hand.connect('b', persistent).subscribe('$share/g/t');
    for (const clientId of ['a', 'b']) hand.broker.findSession(clientId)?.closeConnection(0, 'it is tested');
    publishInChunk('1')();
    expect(['a', 'b'].map((clientId) => hand.connect(clientId, persistent).payloads)).toEqual([['1'], ['1']]);
    publishInChunk('2', { qos: 0, retain: true })();
    expect(hand.broker.findRetained('t')?.message.payload.bytes.toString()).toBe('2');
  });
});

describe('what a client did not acknowledge', () => {
  test('A message that a client did not acknowledge is sent again under the same packet id when it is back', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    publishAll(numbers(3));
    before.acknowledgeOnly(before.received[1].packetId!);
    before.disconnect();
    const after = hand.connect('a', persistent);
    expect(after.isPresent).toBe(true);
    expect(after.received).toEqual([before.received[0], before.received[2]]);
  });

  test('A QoS 0 message is not sent again', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    publishAll(['1'], 0);
    before.disconnect();
    expect(hand.connect('a', persistent).received).toEqual([]);
  });

  test('A message is not sent again if the client may no longer receive it', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    publishAll(['1']);
    before.refusedTopic = 't';
    before.disconnect();
    const request = { clientId: 'a', version: 5, ...persistent } as const;
    const { session } = hand.broker.connect(request, before);
    session.resume();
    expect(before.payloads).toEqual(['1']);
  });
});

describe('for a client that is away', () => {
  test('QoS 1 messages are queued for a client that is away, and QoS 0 messages are not', () => {
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    publishAll(['0'], 0);
    publishAll(['1'], 1);
    expect(hand.connect('a', persistent).payloads).toEqual(['1']);
  });

  test('Messages that waited for a client’s acknowledgements are kept when it goes', () => {
    const before = hand.connect('a', persistent, 1);
    before.subscribe('t');
    publishAll(numbers(3));
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
    publishAll(numbers(25));
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
    publishAll(numbers(5));
    expect(hand.connect('a', persistent).payloads).toEqual(numbers(3));
  });

  test('Messages beyond the bound of a session’s queue are dropped, and the log says how many', () => {
    const stored = { messages: 100, bytes: 10 };
    hand = new BrokerInHand({ sessionLimits: { stored, pending: atMost(10), storedPerSecond: 10 } });
    const before = hand.connect('a', persistent);
    before.subscribe('t');
    before.disconnect();
    publishAll(['four', 'four', 'lost']);
    hand.wait(2);
    publishAll(['lost', 'lost']);
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
    publishAll(numbers(10));
    hand.wait(10);
    publishAll(['room', 'for', 'more']);
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
    publishAll(['first']);
    for (const payload of ['short', 'short']) {
      hand.publish('t', payload, { qos: 1, properties: { messageExpiryInterval: 5 } });
    }
    publishAll(['lost']);
    hand.wait(5);
    publishAll(['second', 'third', 'lost']);
    expect(hand.connect('a', persistent).payloads).toEqual(['first', 'second', 'third']);
  });

  test('Nothing is queued for a client whose session ended with its connection', () => {
    const before = hand.connect('a');
    before.subscribe('t');
    before.disconnect();
    publishAll(['1']);
    expect(hand.connect('a', { clean: false }).received).toEqual([]);
  });
});

describe('a receiver that is full', () => {
  const limits = { stored: atMost(100), pending: atMost(4), storedPerSecond: 10 };

  beforeEach(() => {
    hand = new BrokerInHand({ sessionLimits: limits });
  });

  /** A client of one message at a time whose queue is as long as it may be, and whose last publisher waits. */
  function fullClient() {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    publishAll(numbers(4));
    const full = hand.publish('t', '5', { qos: 1 });
    expect(full).toBe(client.session);
    const resume = jest.fn();
    client.session.whenRoom(resume);
    return { client, resume };
  }

  test('A publisher is told that a receiver is full, and only then', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    const answers = numbers(6).map((payload) => hand.publish('t', payload, { qos: 1 }));
    expect(answers.map((full) => full === client.session)).toEqual([false, false, false, false, true, true]);
  });

  test('A receiver is full when too many bytes wait for it', () => {
    const pending = { messages: 100, bytes: 10 };
    hand = new BrokerInHand({ sessionLimits: { ...limits, pending } });
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    const answers = ['sent', 'four', 'four'].map((payload) => hand.publish('t', payload, { qos: 1 }));
    expect(answers.map((full) => full === client.session)).toEqual([false, false, true]);
  });

  test('A publisher goes on, once, when half of a full receiver’s queue is delivered', () => {
    const { client, resume } = fullClient();
    client.acknowledgeOnly(client.received[0].packetId!);
    expect(resume).not.toHaveBeenCalled();
    client.acknowledgeOnly(client.received[1].packetId!);
    expect(resume).toHaveBeenCalledTimes(1);
    client.acknowledgeOnly(client.received[2].packetId!);
    expect(resume).toHaveBeenCalledTimes(1);
    expect(client.payloads).toEqual(numbers(4));
  });

  test('The queue of a full receiver is bounded even if its publisher does not wait', () => {
    hand = new BrokerInHand({ sessionLimits: { ...limits, stored: atMost(6) } });
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    publishAll(numbers(10));
    publishAll(['lost', 'too'], 0);
    expect(client.session.backlog).toBe(6);
    hand.broker.tick();
    expect(hand.log).toEqual([
      'The queue for "a" is full: 3 QoS 1 messages dropped.',
      'Receiver too slow: 2 QoS 0 messages for "a" dropped.',
    ]);
  });

  test('A publisher goes on when the full receiver is gone', () => {
    const { client, resume } = fullClient();
    client.disconnect();
    expect(resume).toHaveBeenCalledTimes(1);
  });

  test('A publisher waits a second for a full receiver, which then loses QoS 0 messages but no QoS 1 messages', () => {
    const { client, resume } = fullClient();
    hand.now += 999;
    hand.broker.tick();
    expect(resume).not.toHaveBeenCalled();
    hand.wait(1);
    expect(resume).toHaveBeenCalledTimes(1);
    publishAll(['lost', 'lost too'], 0);
    publishAll(['kept'], 1);
    hand.broker.tick();
    expect(hand.log).toEqual(['Receiver too slow: 2 QoS 0 messages for "a" dropped.']);
    for (let round = 0; round < 6; round += 1) client.acknowledge();
    expect(client.payloads).toEqual([...numbers(5), 'kept']);
  });

  test('A full receiver that takes nothing for 30 seconds is disconnected with 0x97', () => {
    const { client } = fullClient();
    hand.wait(29);
    expect(client.closedWith).toBeUndefined();
    hand.wait(1);
    expect(client.closedWith).toBe(0x97);
  });

  test('A full receiver that never acknowledges is disconnected, even if nobody waits for it', () => {
    const { client } = fullClient();
    for (let second = 0; second < 30; second += 1) {
      hand.wait(1);
      client.session.flow();
    }
    expect(client.closedWith).toBe(0x97);
  });

  test('A full receiver is waited for unless it is the sender or waits itself, and always if its queue is at its limit', () => {
    const { client } = fullClient();
    const { session: sender } = hand.connect('b');
    expect([client.session.isWorthWaitingFor(sender), client.session.isWorthWaitingFor(client.session)]).toEqual([
      true,
      false,
    ]);
    client.isHeard = false;
    expect(client.session.isWorthWaitingFor(sender)).toBe(false);
    publishAll(numbers(100));
    expect([client.session.isWorthWaitingFor(sender), client.session.isWorthWaitingFor(client.session)]).toEqual([
      true,
      true,
    ]);
  });

  test('A full receiver that takes a message now and then is not disconnected', () => {
    const { client } = fullClient();
    for (let minute = 0; minute < 5; minute += 1) {
      hand.wait(20);
      client.acknowledgeOnly(client.received.at(-1)!.packetId!);
      publishAll(['more']);
    }
    expect(client.closedWith).toBeUndefined();
  });

  test('A receiver whose connection is congested gets nothing until that is over', () => {
    const client = hand.connect('a');
    client.subscribe('t');
    client.isCongested = true;
    const full = hand.publish('t', '1');
    expect(full).toBe(client.session);
    const resume = jest.fn();
    client.session.whenRoom(resume);
    client.session.flow();
    expect([client.payloads, resume.mock.calls.length]).toEqual([[], 0]);
    client.isCongested = false;
    client.session.flow();
    expect([client.payloads, resume.mock.calls.length]).toEqual([['1'], 1]);
  });
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
    publishAll(numbers(4));
    for (const payload of numbers(4)) hand.publish('u', payload, { qos: 1 });
    publishAll(['lost']);
    hand.wait(1);
    expect(hand.log).toEqual([
      'All queues together are full, at 6 messages or 1.0 MB: 1 QoS 1 message for the group "$share/group/u" dropped.',
      'All queues together are full, at 6 messages or 1.0 MB: 1 QoS 1 message for "slow" dropped.',
    ]);
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

describe('a session with nothing to do', () => {
  test('A session sleeps at a tick, and wakes for a message, a client that is full, and the end of its connection', () => {
    const client = hand.connect('a', persistent, 1);
    client.subscribe('t');
    const isAsleep = () => client.session.isAsleep;
    hand.wait(1);
    expect(isAsleep()).toBe(true);
    hand.publish('t', '1', { qos: 1 });
    expect(isAsleep()).toBe(false);
    hand.wait(1);
    expect(isAsleep()).toBe(true);
    publishAll(numbers(1001));
    hand.wait(5);
    expect(isAsleep()).toBe(false);
    client.disconnect();
    hand.wait(3599);
    expect(hand.broker.findSession('a')).toBe(client.session);
    hand.wait(2);
    expect(hand.broker.findSession('a')).toBeUndefined();
  });

  test('A session that sleeps is not looked at', () => {
    const client = hand.connect('a');
    client.subscribe('t');
    hand.publish('t', '1', { qos: 1 });
    hand.wait(1);
    const tick = jest.spyOn(client.session, 'tick');
    hand.wait(5);
    expect(tick).not.toHaveBeenCalled();
  });

  test('A session that has ended is not ended again, which would end the next session of its client', () => {
    hand.connect('a').disconnect();
    const { session } = hand.connect('a');
    hand.wait(5);
    expect(hand.broker.findSession('a')).toBe(session);
  });

  test('A session that sent a waiting QoS 0 message is awake until the tick after it', () => {
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    publishAll(['1', '2'], 1);
    publishAll(['3'], 0);
    client.acknowledge();
    hand.wait(2);
    expect(client.session.isAsleep).toBe(true);
    client.acknowledge();
    const seen = [client.session.isAsleep];
    for (let second = 0; second < 2; second += 1) {
      hand.wait(1);
      seen.push(client.session.isFlowing);
    }
    expect([client.payloads, seen]).toEqual([
      ['1', '2', '3'],
      [false, true, false],
    ]);
  });

  test('Stored messages are sent at their pace to a client that sent nothing since it came back', () => {
    hand.connect('a', persistent).subscribe('t');
    hand.broker.findSession('a')?.closeConnection(0, 'it is tested');
    publishAll(numbers(25));
    const client = hand.connect('a', persistent);
    hand.wait(2);
    expect(client.payloads).toEqual(numbers(25));
  });
});
