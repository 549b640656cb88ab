import type { Connection } from '../../lib/iot-core-local/broker/connection';
import { Message } from '../../lib/iot-core-local/broker/message';
import { MessageBroker } from '../../lib/iot-core-local/broker/message-broker';
import { parseTopicFilter } from '../../lib/iot-core-local/broker/topic-filter';
import { PublishBody } from '../../lib/iot-core-local/mqtt/publish-body';
import { grouped } from '../../lib/util/format';
import { median } from '../statistics';
import type { Table } from './table';

/** A client that accepts every message and drops it. */
const sink: Connection = {
  receiveMaximum: 100,
  maximumPacketSize: Number.POSITIVE_INFINITY,
  isCongested: false,
  waitsFor: undefined,
  mayReceive: () => true,
  admits: () => true,
  send: () => {},
  close: () => {},
};

const body = PublishBody.of(Buffer.alloc(40));
const rounds = 15;

/** Measures a message, and a subscription with its end, in groups of different sizes and among different numbers of topic filters. */
export function benchmarkGroups({ quick }: { quick: boolean }): Table[] {
  const operations = quick ? 2000 : 50_000;
  return [
    table(
      'Costs in a group, by its members',
      [1, 10, 100, 1000],
      (members) => brokerWith(members, 'members'),
      operations,
    ),
    table(
      'Costs among topic filters, by their number',
      [1, 100, 10_000],
      (filters) => brokerWith(filters, 'filters'),
      operations,
    ),
  ];
}

function table(
  title: string,
  sizes: readonly number[],
  make: (size: number) => MessageBroker,
  operations: number,
): Table {
  const subjects = sizes.map((size) => ({
    size,
    broker: make(size),
    publish: [] as number[],
    subscribe: [] as number[],
  }));
  // Each round measures all sizes. The first round is for the compiler, and does not count.
  for (let round = 0; round <= rounds; round += 1) {
    for (const { broker, publish, subscribe } of subjects) {
      const times = [publishing(broker, operations), subscribing(broker, operations / 50)];
      if (round === 0) continue;
      publish.push(times[0]);
      subscribe.push(times[1]);
    }
  }
  const first = { publish: median(subjects[0].publish), subscribe: median(subjects[0].subscribe) };
  return {
    title,
    columns: ['size', 'ns per message', '÷ the smallest', 'ns to subscribe and leave', '÷ the smallest '],
    rows: subjects.map(({ size, publish, subscribe }) => [
      grouped(size),
      median(publish),
      `${(median(publish) / first.publish).toFixed(2)}×`,
      median(subscribe),
      `${(median(subscribe) / first.subscribe).toFixed(2)}×`,
    ]),
    notes: [
      'The broker alone, without the network. The first message after a change of subscriptions has its route computed.',
    ],
  };
}

function brokerWith(count: number, what: 'members' | 'filters'): MessageBroker {
  const broker = new MessageBroker();
  for (let index = 0; index < count; index += 1) {
    subscribe(broker, `client${index}`, what === 'members' ? '$share/group/cars/data' : `cars/${index}/data/+`);
  }
  if (what === 'filters') subscribe(broker, 'consumer', 'cars/data');
  return broker;
}

function publishing(broker: MessageBroker, operations: number): number {
  const start = process.hrtime.bigint();
  for (let index = 0; index < operations; index += 1) {
    broker.publish(new Message('cars/data', body, 0, false, 'car1', 0));
  }
  return Number(process.hrtime.bigint() - start) / operations;
}

function subscribing(broker: MessageBroker, operations: number): number {
  const session = connect(broker, 'newcomer');
  const filter = parseTopicFilter('$share/group/cars/data');
  const start = process.hrtime.bigint();
  for (let index = 0; index < operations; index += 1) {
    broker.subscribe(session, filter, request);
    broker.unsubscribe(session, filter.text);
  }
  return Number(process.hrtime.bigint() - start) / operations;
}

const request = { topicFilter: '', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 } as const;

function connect(broker: MessageBroker, clientId: string) {
  return broker.connect({ clientId, version: 5, clean: true, expiryInterval: 0 }, sink).session;
}

function subscribe(broker: MessageBroker, clientId: string, filter: string): void {
  broker.subscribe(connect(broker, clientId), parseTopicFilter(filter), request);
}
