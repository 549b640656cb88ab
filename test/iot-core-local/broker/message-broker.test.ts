import type { LastWill } from '../../../lib/iot-core-local/broker/last-will';
import { parseTopicFilter } from '../../../lib/iot-core-local/broker/topic-filter';
import { atMost, BrokerInHand, type FakeClient, persistent } from '../../support/fake-client';

let hand: BrokerInHand;

beforeEach(() => {
  hand = new BrokerInHand();
});

describe('a plain subscription', () => {
  test.each([
    ['of QoS 0 to a message of QoS 1', 1, 0, 0],
    ['of QoS 1 to a message of QoS 0', 0, 1, 0],
    ['of QoS 1 to a message of QoS 1', 1, 1, 1],
  ] as const)('A plain subscription %s: QoS %i, %i, delivered at %i', (_, published, subscribed, delivered) => {
    const client = hand.connect('a');
    client.subscribe('t', { qos: subscribed });
    hand.publish('t', '1', { qos: published });
    expect(client.received.map(({ qos }) => qos)).toEqual([delivered]);
  });

  test('A plain subscription that is changed has the new options at once, and is not a new one', () => {
    const client = hand.connect('a');
    expect(client.subscribe('t', { qos: 0 })).toBe(true);
    hand.publish('t', '1', { qos: 1 });
    expect(client.subscribe('t', { qos: 1 })).toBe(false);
    hand.publish('t', '2', { qos: 1 });
    expect(client.received.map(({ qos }) => qos)).toEqual([0, 1]);
  });

  test('A plain subscription brings messages from SUBSCRIBE to UNSUBSCRIBE', () => {
    const client = hand.connect('a');
    hand.publish('t', 'before');
    client.subscribe('t');
    hand.publish('t', 'during');
    client.unsubscribe('t');
    hand.publish('t', 'after');
    expect(client.payloads).toEqual(['during']);
  });

  test.each([
    ['the filters are the same', ['t', 't']],
    ['one has a wildcard', ['t', '#']],
    ['both have wildcards', ['+', '#']],
  ])('Two plain subscriptions of a client that match give it one copy at the higher QoS: %s', (_, [first, second]) => {
    const client = hand.connect('a');
    client.subscribe(first, { qos: 0 });
    client.subscribe(second, { qos: 1 });
    hand.publish('t', '1', { qos: 1 });
    expect(client.received).toMatchObject([{ payload: '1', qos: 1 }]);
  });

  test('A plain subscription with No Local brings everyone’s messages but the client’s own', () => {
    const [car1, a] = [hand.connect('car1'), hand.connect('a')];
    for (const client of [car1, a]) client.subscribe('t', { noLocal: true });
    hand.publish('t', '1');
    expect([car1.payloads, a.payloads]).toEqual([[], ['1']]);
  });

  test('A plain subscription without No Local, beside one with it, brings the client’s own messages too', () => {
    const car1 = hand.connect('car1');
    car1.subscribe('t', { noLocal: true });
    car1.subscribe('#', { qos: 0 });
    hand.publish('t', '1');
    expect(car1.payloads).toEqual(['1']);
  });

  test.each([true, false])(
    'A live message keeps its RETAIN flag as the plain subscription asks: %s',
    (retainAsPublished) => {
      const client = hand.connect('a');
      client.subscribe('t', { retainAsPublished });
      hand.publish('t', '1', { retain: true });
      hand.publish('t', '2', { retain: false });
      expect(client.received.map(({ retain }) => retain)).toEqual([retainAsPublished, false]);
    },
  );
});

describe('a session', () => {
  test.each([
    ['is resumed', { expiryInterval: 5000 }, { clean: false }, true],
    ['is forgotten when its client wants a clean one', { expiryInterval: 5000 }, { clean: true }, false],
    ['ends with its connection if it is not to outlive it', {}, { clean: false }, false],
    ['of MQTT 5 is not resumed under 3.1.1', { expiryInterval: 5000 }, { clean: false, version: 4 }, false],
    ['of MQTT 3.1.1 is not resumed under 5', { expiryInterval: 5000, version: 4 }, { clean: false }, false],
  ] as const)('A session %s', (_, first, second, resumed) => {
    const before = hand.connect('a', first);
    before.subscribe('t');
    before.disconnect();
    const after = hand.connect('a', second);
    hand.publish('t', '1');
    expect([after.isPresent, after.payloads]).toEqual([resumed, resumed ? ['1'] : []]);
  });

  test('A session ends when its expiry interval has passed since its connection ended', () => {
    const client = hand.connect('a', { expiryInterval: 5000 });
    hand.wait(100);
    client.disconnect();
    hand.wait(4);
    expect(hand.broker.findSession('a')).toBe(client.session);
    hand.wait(1);
    expect(hand.broker.findSession('a')).toBeUndefined();
  });

  test('A session that was resumed has its new expiry interval in full', () => {
    hand.connect('a', { expiryInterval: 5000 }).disconnect();
    hand.wait(4);
    const client = hand.connect('a', { clean: false, expiryInterval: 10_000 });
    hand.wait(20);
    client.disconnect();
    hand.wait(9);
    expect(hand.broker.findSession('a')).toBeDefined();
    hand.wait(1);
    expect(hand.broker.findSession('a')).toBeUndefined();
  });

  test('A session is taken over by another connection with its client id, and the old connection is told so', () => {
    const [first, other] = [hand.connect('a', persistent), hand.connect('b', persistent)];
    first.subscribe('t');
    const second = hand.connect('a', persistent);
    hand.publish('t', '1');
    expect([first.closedWith, first.payloads, second.payloads, other.closedWith]).toEqual([0x8e, [], ['1'], undefined]);
  });
});

describe('deleting a connection', () => {
  test.each([
    [true, false],
    [false, true],
  ])('A client whose connection is deleted loses its session: %s; the session remains: %s', (endSession, isThere) => {
    const client = hand.connect('a', persistent);
    expect(hand.broker.deleteConnection('a', { endSession, withWill: true })).toBe(true);
    expect(client.closedWith).toBeDefined();
    expect(hand.broker.findSession('a') !== undefined).toBe(isThere);
  });

  test('The connection of an unknown client cannot be deleted', () => {
    expect(hand.broker.deleteConnection('a', { endSession: true, withWill: true })).toBe(false);
  });
});

describe('a will', () => {
  /** Connects a client with a will of this delay in seconds. The list gets the time of each sending. */
  function connectWithWill(delaySeconds: number, options: Parameters<BrokerInHand['connect']>[1] = persistent) {
    const sent: number[] = [];
    const will: LastWill = { delay: delaySeconds * 1000, send: () => sent.push(hand.now) };
    return { client: hand.connect('a', { will, ...options }), sent };
  }

  test('A will without a delay is sent once when its client goes without DISCONNECT', () => {
    const { client, sent } = connectWithWill(0);
    client.disconnect();
    hand.wait(10);
    expect(sent).toEqual([0]);
  });

  test('A will is not sent when its client sends DISCONNECT', () => {
    const { client, sent } = connectWithWill(0);
    client.disconnect({ withWill: false });
    hand.wait(5000);
    expect(sent).toEqual([]);
  });

  test('A will with a delay is sent when the delay is over', () => {
    const { client, sent } = connectWithWill(5);
    client.disconnect();
    hand.wait(10);
    expect(sent).toEqual([5000]);
  });

  test('A will with a delay is not sent when its client is back in time, and the new connection’s will replaces it', () => {
    const { client, sent } = connectWithWill(5);
    client.disconnect();
    hand.wait(4);
    const again = connectWithWill(0);
    hand.wait(60);
    expect([sent, again.sent]).toEqual([[], []]);
    again.client.disconnect();
    expect([sent, again.sent]).toEqual([[], [64_000]]);
  });

  test('A will with a delay is sent when its session ends before the delay', () => {
    const { client, sent } = connectWithWill(50, { clean: false, expiryInterval: 3000 });
    client.disconnect();
    hand.wait(60);
    expect(sent).toEqual([3000]);
  });

  test('A will with a delay is sent at once when the session ends with its connection', () => {
    const { client, sent } = connectWithWill(50, {});
    client.disconnect();
    expect(sent).toEqual([0]);
  });

  test('A will with a delay is sent when its client begins a clean session', () => {
    const { client, sent } = connectWithWill(50);
    client.disconnect();
    hand.connect('a', { clean: true });
    hand.wait(60);
    expect(sent).toEqual([0]);
  });

  test('A will is sent when the connection is taken over, unless it has a delay and the session goes on', () => {
    const prompt = connectWithWill(0);
    const delayed = connectWithWill(5);
    hand.connect('a', persistent);
    hand.wait(10);
    expect([prompt.sent, delayed.sent]).toEqual([[0], []]);
  });

  test.each([
    [true, [0]],
    [false, []],
  ])('A will is sent when its client’s connection is deleted, if that is wanted: %s', (withWill, expected) => {
    const { sent } = connectWithWill(0);
    hand.broker.deleteConnection('a', { endSession: true, withWill });
    expect(sent).toEqual(expected);
  });
});

describe('a retained message', () => {
  /** Subscribes, and asks for the retained message. */
  function received(client: FakeClient, filter: string, changes: Parameters<FakeClient['subscribe']>[1] = {}) {
    client.subscribe(filter, changes);
    hand.broker.sendRetained(client.session.subscriptions.get(parseTopicFilter(filter).text)!);
    return client.received;
  }

  test('A retained message is sent, with RETAIN set, to a new subscription', () => {
    hand.publish('t', '1', { retain: true, qos: 1 });
    expect(received(hand.connect('a'), 't')).toMatchObject([{ payload: '1', qos: 1, retain: true }]);
    expect(received(hand.connect('b'), 't', { qos: 0 })).toMatchObject([{ payload: '1', qos: 0, retain: true }]);
  });

  test.each(['#', '+', '$share/group2/t', 'T', 't/'])(
    'A retained message is not sent to a subscription to %s',
    (filter) => {
      hand.publish('t', '1', { retain: true });
      expect(received(hand.connect('a'), filter)).toEqual([]);
    },
  );

  test('A retained message is replaced by a later one, and removed by an empty one', () => {
    hand.publish('t', '1', { retain: true });
    hand.publish('t', '2', { retain: true });
    hand.publish('t', '3', { retain: false });
    expect(received(hand.connect('a'), 't')).toMatchObject([{ payload: '2' }]);
    hand.publish('t', '', { retain: true });
    expect(received(hand.connect('b'), 't')).toEqual([]);
  });

  test('A retained message is sent until it expires', () => {
    hand.publish('t', '1', { retain: true, properties: { messageExpiryInterval: 10 } });
    hand.wait(9);
    expect(received(hand.connect('a'), 't')).toMatchObject([{ payload: '1', messageExpiryInterval: 1 }]);
    hand.wait(1);
    expect(received(hand.connect('b'), 't')).toEqual([]);
  });

  test('A retained message is sent to groups when it is published, as any other', () => {
    const client = hand.connect('a');
    client.subscribe('$share/group2/t');
    hand.publish('t', '1', { retain: true });
    expect(client.received).toMatchObject([{ payload: '1', retain: false }]);
  });

  test('A retained message on a new topic is refused when there are too many, and one on a known topic is not', () => {
    hand = new BrokerInHand({ retained: atMost(1) });
    hand.publish('t', '1', { retain: true });
    hand.publish('u', '1', { retain: true });
    hand.publish('t', '2', { retain: true });
    expect(hand.broker.findRetained('u')).toBeUndefined();
    expect(String(hand.broker.findRetained('t')?.message.body.payload)).toBe('2');
    hand.wait(2);
    expect(hand.log).toEqual(['The limit of retained messages is reached: 1 message not retained.']);
  });
});
