import { atMost, BrokerInHand, type FakeClient, numbers, persistent } from '../../support/fake-client';

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
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
    hand.publishAll(numbers(4));
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

  test('A receiver is overfull when a quarter more waits for it than makes it full', () => {
    const { client } = fullClient();
    expect(client.session.isOverfull).toBe(false);
    hand.publish('t', '6', { qos: 1 });
    expect(client.session.isOverfull).toBe(true);
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

  test('A publisher does not pass another one that waits, though the receiver has room for its message', () => {
    hand = new BrokerInHand({ sessionLimits: { ...limits, pending: atMost(8) } });
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    const answers = numbers(9).map((payload) => hand.publish('t', payload, { qos: 1 }));
    expect(answers.at(-1)).toBe(client.session);
    const resumes = [jest.fn(), jest.fn()];
    client.session.whenRoom(resumes[0]);
    const acknowledge = (index: number) => client.acknowledgeOnly(client.received[index].packetId!);
    for (const index of [0, 1]) acknowledge(index);
    expect(hand.publish('t', 'another publisher’s', { qos: 1 })).toBe(client.session);
    expect(client.session.backlog).toBe(7);
    client.session.whenRoom(resumes[1]);
    for (const index of [2, 3, 4]) acknowledge(index);
    expect(resumes.map((resume) => resume.mock.calls.length)).toEqual([1, 1]);
    expect(hand.publish('t', 'with room', { qos: 1 })).toBeUndefined();
  });

  test('The queue of a full receiver is bounded even if its publisher does not wait', () => {
    hand = new BrokerInHand({ sessionLimits: { ...limits, stored: atMost(6) } });
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    hand.publishAll(numbers(10));
    hand.publishAll(['lost', 'too'], 0);
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
    hand.publishAll(['lost', 'lost too'], 0);
    hand.publishAll(['kept'], 1);
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

  test('A sender waits for a full receiver, unless that is itself or waits for it, directly or through others', () => {
    const { client } = fullClient();
    const [sender, other] = [hand.connect('b'), hand.connect('c')];
    const awaited = ({ session }: FakeClient) => hand.publish('t', 'x', { qos: 1, sender: session });
    expect([awaited(sender), awaited(client)]).toEqual([client.session, undefined]);
    client.waitsFor = other.session;
    expect(awaited(sender)).toBe(client.session);
    other.waitsFor = sender.session;
    expect([awaited(sender), awaited(other)]).toEqual([undefined, undefined]);
    expect(awaited(hand.connect('d'))).toBe(client.session);
    // Not even at the bound: nothing would end that.
    hand.publishAll(numbers(100));
    expect([awaited(sender), awaited(client)]).toEqual([undefined, undefined]);
  });

  test('A sender waits for the fullest of several full receivers, wherever it is itself among them', () => {
    const slow = ['slow 1', 'slow 2', 'slow 3'].map((clientId) => hand.connect(clientId, {}, 1));
    const sender = hand.connect('sender', {}, 1);
    slow[0].subscribe('t');
    slow[1].subscribe('t');
    slow[1].subscribe('more');
    sender.subscribe('t');
    slow[2].subscribe('$share/group/t');
    hand.publish('more', 'x', { qos: 1 });
    for (let index = 0; index < 5; index += 1) hand.publish('t', 'x', { qos: 1 });
    expect(hand.publish('t', 'x', { qos: 1, sender: sender.session })).toBe(slow[1].session);
    slow[1].disconnect();
    expect(hand.publish('t', 'x', { qos: 1, sender: sender.session })).toBe(slow[0].session);
    slow[0].disconnect();
    expect(hand.publish('t', 'x', { qos: 1, sender: sender.session })).toBe(slow[2].session);
    slow[2].disconnect();
    expect(hand.publish('t', 'x', { qos: 1, sender: sender.session })).toBeUndefined();
  });

  test('A full receiver that waits itself is not disconnected, as what it acknowledges is not read', () => {
    const { client } = fullClient();
    client.waitsFor = hand.connect('b').session;
    hand.wait(100);
    expect(client.closedWith).toBeUndefined();
    client.waitsFor = undefined;
    hand.wait(29);
    expect(client.closedWith).toBeUndefined();
    hand.wait(1);
    expect(client.closedWith).toBe(0x97);
  });

  test('From half of the bound on, a second releases as many publishers as the receiver took messages, those that wait longest', () => {
    const { client } = fullClient();
    hand.publishAll(numbers(46));
    expect(client.session.backlog).toBe(50);
    const resumed: string[] = [];
    const wait = (name: string) => client.session.whenRoom(() => resumed.push(name) && wait(name));
    for (const name of ['b', 'c', 'd']) wait(name);
    hand.wait(1);
    expect(resumed).toEqual([]);
    for (const index of [0, 1]) client.acknowledgeOnly(client.received[index].packetId!);
    hand.publishAll(['x', 'y']);
    hand.wait(1);
    expect(resumed).toEqual(['b']);
    client.acknowledgeOnly(client.received[2].packetId!);
    hand.publishAll(['z']);
    hand.wait(1);
    expect(resumed).toEqual(['b', 'c']);
    client.acknowledgeOnly(client.received[3].packetId!);
    hand.wait(1);
    expect(resumed).toEqual(['b', 'c', 'd', 'b', 'c']);
  });

  test('A full receiver that takes a message now and then is not disconnected', () => {
    const { client } = fullClient();
    for (let minute = 0; minute < 5; minute += 1) {
      hand.wait(20);
      client.acknowledgeOnly(client.received.at(-1)!.packetId!);
      hand.publishAll(['more']);
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

  test('A publisher waits a second when all queues together are full, though nothing waits for the receiver', () => {
    hand = new BrokerInHand({ sessionLimits: limits, queued: atMost(1) });
    hand.connect('away', persistent).subscribe('away');
    hand.broker.disconnect(hand.broker.findSession('away')!, false);
    hand.publish('away', 'x', { qos: 1 });
    const client = hand.connect('a', {}, 1);
    client.subscribe('t');
    hand.publish('t', 'sent', { qos: 1 });
    hand.wait(2);
    expect(client.session.isAsleep).toBe(true);
    expect(hand.publish('t', 'lost', { qos: 1 })).toBe(client.session);
    const resume = jest.fn();
    client.session.whenRoom(resume);
    hand.wait(1);
    expect(resume).toHaveBeenCalledTimes(1);
    hand.publish('t', 'lost too', { qos: 1 });
    client.acknowledge();
    hand.wait(30);
    expect(client.closedWith).toBeUndefined();
    hand.publishAll(['sent', 'lost']);
    hand.wait(30);
    expect(client.closedWith).toBe(0x97);
  });
});
