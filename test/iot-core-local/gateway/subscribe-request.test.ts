import { ClientFault } from '../../../lib/iot-core-local/gateway/client-fault';
import { grantSubscribe, type SubscribingClient } from '../../../lib/iot-core-local/gateway/subscribe-request';
import type { SubscribePacket, SubscriptionRequest } from '../../../lib/iot-core-local/mqtt/packets';

const wish: SubscriptionRequest = {
  topicFilter: 't',
  qos: 1,
  noLocal: false,
  retainAsPublished: false,
  retainHandling: 0,
};
const five: SubscribingClient = { version: 5, held: [], maySubscribe: (filterText) => filterText !== 'secret' };
const three: SubscribingClient = { ...five, version: 4 };

/** A SUBSCRIBE for these filters. */
function subscribe(...filters: string[]): SubscribePacket {
  return { type: 'subscribe', packetId: 1, subscriptions: filters.map((topicFilter) => ({ ...wish, topicFilter })) };
}

/** What a SUBSCRIBE is answered: the filters that are granted, the reason codes of refusals, or that of the connection's end. */
function answerTo(packet: SubscribePacket, client = five) {
  try {
    return grantSubscribe(packet, client).map((answer) =>
      typeof answer === 'number' ? answer : answer.topicFilter.text,
    );
  } catch (error) {
    if (error instanceof ClientFault) return error.reasonCode;
    throw error;
  }
}

test('A subscription is granted as it was asked for, with its filter taken apart', () => {
  const [granted] = grantSubscribe(subscribe('$share/group2/cars/data'), five);
  expect(granted).toMatchObject({
    topicFilter: { shareName: 'group2', filter: 'cars/data' },
    request: { ...wish, topicFilter: '$share/group2/cars/data' },
  });
});

test('An MQTT 5 client that may not subscribe to one filter is granted the others', () => {
  expect(answerTo(subscribe('a', 'secret', 'b'))).toEqual(['a', 0x87, 'b']);
});

test('A 3.1.1 client that may not subscribe to one filter is disconnected', () => {
  expect(answerTo(subscribe('a', 'secret', 'b'), three)).toBe(0x87);
});

test('A SUBSCRIBE has at most eight filters', () => {
  const eight = [...'abcdefgh'];
  expect(answerTo(subscribe(...eight))).toEqual(eight);
  expect(answerTo(subscribe(...eight, 'i'))).toBe(0x97);
});

describe('a client with 49 subscriptions', () => {
  const held = Array.from({ length: 49 }, (_, index) => `held/${index}`);

  test('A client with 49 subscriptions is granted one more, and may change those that it has', () => {
    expect(answerTo(subscribe('a', 'b', 'held/1', 'a'), { ...five, held })).toEqual(['a', 0x97, 'held/1', 'a']);
  });

  test('A 3.1.1 client with 49 subscriptions is disconnected when it asks for two more', () => {
    expect(answerTo(subscribe('a'), { ...three, held })).toEqual(['a']);
    expect(answerTo(subscribe('a', 'b'), { ...three, held })).toBe(0x97);
  });

  test('A refused subscription does not count among those of a client', () => {
    expect(answerTo(subscribe('secret', 'a'), { ...five, held })).toEqual([0x87, 'a']);
  });
});

test.each([
  ['a subscription identifier', { ...subscribe('t'), subscriptionIdentifier: 1 }, 0xa1],
  ['QoS 2', { ...subscribe(), subscriptions: [{ ...wish, qos: 2 }] }, 0x9b],
  ['a filter whose wildcard does not fill its level', subscribe('a+'), 0x8f],
  ['a filter of eight slashes', subscribe('a/b/c/d/e/f/g/h/i'), 0x8f],
  [
    'No Local on a shared subscription',
    { ...subscribe(), subscriptions: [{ ...wish, topicFilter: '$share/g/t', noLocal: true }] },
    0x82,
  ],
] as const)('A client that asks for %s is disconnected, whatever its version', (_, packet, reasonCode) => {
  expect([answerTo(packet), answerTo(packet, three)]).toEqual([reasonCode, reasonCode]);
});
