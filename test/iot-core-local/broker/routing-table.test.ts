import type { Subscription } from '../../../lib/iot-core-local/broker/delivery';
import { LossLog } from '../../../lib/iot-core-local/broker/loss-log';
import { QueueTotal } from '../../../lib/iot-core-local/broker/queue-total';
import { RoutingTable } from '../../../lib/iot-core-local/broker/routing-table';
import type { Session } from '../../../lib/iot-core-local/broker/session';
import {
  defaultGroupLimits,
  type GroupContext,
  SharedSubscription,
} from '../../../lib/iot-core-local/broker/shared-subscription';
import { parseTopicFilter } from '../../../lib/iot-core-local/broker/topic-filter';
import { atMost } from '../../support/fake-client';

const groupContext: GroupContext = {
  limits: defaultGroupLimits,
  random: Math.random,
  now: () => 0,
  total: new QueueTotal(atMost(100)),
  losses: new LossLog(() => {}, atMost(100)),
};

let table: RoutingTable;

beforeEach(() => {
  table = new RoutingTable();
});

/** What of a session counts here. */
const session = (clientId: string) => ({ clientId, isConnected: true }) as unknown as Session;

function subscribe(
  text: string,
  { of = session('a'), ...changes }: Partial<Subscription> & { of?: Session } = {},
): Subscription {
  const topicFilter = parseTopicFilter(text);
  const subscription = {
    session: of,
    topicFilter,
    qos: 1,
    noLocal: false,
    retainAsPublished: false,
    ...changes,
  } as const;
  table.add(subscription);
  return subscription;
}

function share(text: string, of: Session): Subscription {
  const group = table.findGroup(parseTopicFilter(text)) ?? new SharedSubscription(text, groupContext);
  return subscribe(text, { of, group });
}

test('A topic goes to all plain subscriptions that match it, and to no other', () => {
  const exact = subscribe('cars/data');
  const any = subscribe('cars/+', { of: session('b') });
  subscribe('cars/data/more', { of: session('c') });
  expect(table.route('cars/data')).toEqual({ plain: [exact, any], own: new Map(), groups: [] });
  expect(table.route('trains')).toEqual({ plain: [], own: new Map(), groups: [] });
});

test.each([
  ['the higher QoS', { qos: 1, noLocal: true }, { qos: 0 }],
  ['no No Local at the same QoS', { qos: 1 }, { qos: 1, noLocal: true }],
] as const)('Of a client’s two subscriptions, the one with %s serves, whichever filter it has', (_, better, worse) => {
  const [a, b] = [session('a'), session('b')];
  const exact = subscribe('cars/data', { of: a, ...better });
  subscribe('cars/+', { of: a, ...worse });
  subscribe('cars/data', { of: b, ...worse });
  const any = subscribe('cars/+', { of: b, ...better });
  expect(table.route('cars/data').plain).toEqual([exact, any]);
});

test('A client’s own messages reach it by its subscription without No Local, if another one has No Local and serves', () => {
  const a = session('a');
  const echo = subscribe('cars/data', { of: a, qos: 0 });
  const silent = subscribe('cars/+', { of: a, noLocal: true });
  const other = subscribe('cars/data', { of: session('b') });
  const { plain, own } = table.route('cars/data');
  expect(plain).toEqual([silent, other]);
  expect([...own]).toEqual([[a, echo]]);
});

test('A group exists once for all its members, beside other groups of its filter, until the last member has left', () => {
  const [a, b] = [share('$share/one/cars/+', session('a')), share('$share/one/cars/+', session('b'))];
  const other = share('$share/two/cars/+', session('c'));
  expect(b.group).toBe(a.group);
  expect(table.route('cars/data').groups).toEqual([a.group, other.group]);
  table.remove(a);
  expect(table.findGroup(a.topicFilter)).toBe(b.group);
  table.remove(b);
  expect(table.findGroup(a.topicFilter)).toBeUndefined();
  expect(table.route('cars/data').groups).toEqual([other.group]);
  expect([...table.groups]).toEqual([other.group]);
});

test('A route is found anew when the subscriptions have changed', () => {
  const topic = 'cars/data';
  expect(table.route(topic).plain).toEqual([]);
  const subscription = subscribe('cars/#');
  expect(table.route(topic).plain).toEqual([subscription]);
  table.remove(subscription);
  expect(table.route(topic).plain).toEqual([]);
});

test('The routes of more topics than are remembered stay right, and topics of the same filters share one', () => {
  const [any, cars] = [subscribe('#'), subscribe('cars/+', { of: session('b') })];
  const topics = Array.from({ length: 40_000 }, (_, index) => (index % 2 === 0 ? `cars/${index}` : `trains/${index}`));
  const expected = (topic: string) => (topic.startsWith('cars') ? [any, cars] : [any]);
  for (let round = 0; round < 3; round += 1) {
    const wrong = topics.filter((topic) => {
      const { plain } = table.route(topic);
      return plain.length !== expected(topic).length || expected(topic).some((each) => !plain.includes(each));
    });
    expect(wrong).toEqual([]);
  }
  expect(table.route('cars/0')).toBe(table.route('cars/2'));
  expect(table.route('cars/0')).not.toBe(table.route('trains/1'));
});

test('The routes of more combinations of filters than are remembered stay right', () => {
  const exact = Array.from({ length: 30_005 }, (_, index) => subscribe(`cars/${index}`));
  for (let round = 0; round < 2; round += 1) {
    const wrong = exact.filter((subscription, index) => table.route(`cars/${index}`).plain[0] !== subscription);
    expect(wrong).toEqual([]);
  }
});
