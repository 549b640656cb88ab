import { pick, randomIntegers } from '../../benchmarks/random';
import { Message } from '../../lib/iot-core-local/broker/message';
import { MessageBroker } from '../../lib/iot-core-local/broker/message-broker';
import { parseTopicFilter } from '../../lib/iot-core-local/broker/topic-filter';
import { PublishBody } from '../../lib/iot-core-local/mqtt/publish-body';
import { atMost } from '../support/fake-client';
import { type Copy, check, type Ledger, ModelClient } from './model-client';

const clientIds = ['a', 'b', 'c', 'd', 'e', 'f'];
const plainFilters = ['+', '#'];
/** Many groups for few clients, so that each group sometimes has one member or none. */
const groups = ['$share/a/+', '$share/b/+', '$share/a/#'];

test.each([1, 2, 3, 4])('Each message reaches everyone it is for, once: 25,000 random steps of seed %i', (seed) => {
  const random = randomIntegers(seed);
  // A client is full soon, but nothing is lost by the bounds.
  const sessionLimits = { stored: atMost(100_000), pending: atMost(5), storedPerSecond: 10 };
  const broker = new MessageBroker({
    clocks: { monotonic: () => now, wall: () => now },
    random: () => random(1000) / 1000,
    sessionLimits,
  });
  const ledger: Ledger = new Map([...clientIds, ...groups].map((owner) => [owner, new Map<number, Copy>()]));
  const clients = clientIds.map((clientId) => new ModelClient(clientId, ledger, disconnect));
  const membersOf = (filter: string) => clients.filter(({ filters }) => filters.has(filter));
  let [now, published, isDraining] = [0, 0, false];

  /** A client has unsubscribed from these filters, or its session has ended. A group without members is owed nothing. */
  function forget({ clientId, filters, begun }: ModelClient, forgotten = [...filters, clientId]): void {
    for (const filter of forgotten) filters.delete(filter);
    if (forgotten.includes(clientId)) {
      ledger.get(clientId)!.clear();
      for (const copy of begun.keys()) copy.isOwed = false;
      begun.clear();
    }
    for (const group of groups.filter((filter) => membersOf(filter).length === 0)) {
      // It may still come, if there are members again.
      for (const copy of ledger.get(group)!.values()) copy.isOwed &&= clients.some((client) => client.begun.has(copy));
    }
  }

  function connect(client: ModelClient, clean: boolean, expiryInterval: number, receiveMaximum: number): void {
    const { clientId } = client;
    const { session, isPresent } = broker.connect({ clientId, version: 5, clean, expiryInterval }, client);
    if (!isPresent) forget(client);
    Object.assign(client, { session, receiveMaximum, isOnline: true });
    session.resume();
    const sent = new Set(client.unacknowledged.values());
    check(
      sent.size === receiveMaximum || [...client.begun].every(([copy, isSure]) => !isSure || sent.has(copy)),
      `A delivery that had begun to ${clientId} is not completed.`,
    );
  }

  function disconnect(client: ModelClient): void {
    client.isOnline = false;
    const isLeft = ({ owner }: Copy) => groups.includes(owner) && membersOf(owner).length === 0;
    for (const copy of client.begun.keys()) if (!isLeft(copy)) client.begun.set(copy, false);
    for (const copy of client.unacknowledged.values()) {
      copy.due += 1;
      copy.isOwed = true;
      if (isLeft(copy)) client.begun.set(copy, true);
      else client.begun.delete(copy);
    }
    client.unacknowledged.clear();
    if (!client.session.isPersistent) forget(client);
    broker.disconnect(client.session, true);
  }

  function publish(topic: string, qos: 0 | 1): void {
    const payload = Buffer.alloc(4);
    payload.writeUInt32BE(++published);
    const atOnce: Copy[] = [];
    const owe = (owner: string, receivers: readonly ModelClient[]) => {
      if (receivers.length === 0) return;
      const copy = { owner, due: 1, isOwed: qos === 1 };
      ledger.get(owner)!.set(published, copy);
      // Who has room for a copy by each of its filters has room for this one, whatever comes before it.
      const isReady = ({ isOnline, session, unacknowledged, filters, receiveMaximum }: ModelClient) =>
        isOnline && session.hasRoomFor(qos) && unacknowledged.size + filters.size <= receiveMaximum;
      if (receivers.some(isReady)) atOnce.push(copy);
    };
    for (const client of new Set(plainFilters.flatMap(membersOf))) owe(client.clientId, [client]);
    for (const group of groups) owe(group, membersOf(group));
    const full = broker.publish(new Message(topic, PublishBody.of(payload), qos, false, 'car1', now));
    check(
      atOnce.every(({ due }) => due === 0),
      `Message ${published} waits, though there is room.`,
    );
    // A waiting publisher goes on in the middle of the step that makes room.
    full?.whenRoom(() => isDraining || random(2) === 0 || step(true));
  }

  function subscribe({ session, filters }: ModelClient, topicFilter: string): void {
    filters.add(topicFilter);
    const request = {
      topicFilter,
      qos: 1,
      noLocal: false,
      retainAsPublished: random(2) === 0,
      retainHandling: 2,
    } as const;
    broker.subscribe(session, parseTopicFilter(topicFilter), request);
  }

  function tick(): void {
    now += 1000;
    for (const client of clients) if (client.session?.expiresAt <= now) forget(client);
    broker.tick();
  }

  /** A random step. @param isOpen - whether only steps of connected clients are allowed */
  function step(isOpen = false): void {
    const [client, filter, dice] = [pick(random, clients), pick(random, [...plainFilters, ...groups]), random(100)];
    if (dice < 4 && !isOpen) tick();
    else if (dice < 12 && !isOpen) connect(client, random(4) === 0, random(3) * 10_000, 1 + random(8));
    else if (dice < 50) publish(pick(random, ['t', 'u']), random(4) === 0 ? 0 : 1);
    else if (!client.isOnline) return;
    else if (dice < 80) client.acknowledge();
    else if (dice < 90) subscribe(client, filter);
    else if (dice < 95) disconnect(client);
    else if (broker.unsubscribe(client.session, filter)) forget(client, [filter]);
  }

  /** All clients connect, and acknowledge until nothing is owed. */
  function drain(): void {
    isDraining = true;
    for (const client of clients) if (!client.isOnline) connect(client, false, 10_000, 8);
    const isOwed = () => [...ledger.values()].some((copies) => [...copies.values()].some((copy) => copy.isOwed));
    for (let second = 0; isOwed() || clients.some(({ session }) => session.backlog > 0); second += 1) {
      check(second < 1000, 'What is owed never comes.');
      for (const client of clients) client.acknowledge();
      tick();
    }
    for (const client of clients) client.acknowledge();
    for (const copies of ledger.values()) copies.clear();
    isDraining = false;
  }

  for (let count = 1; count <= 25_000; count += 1) {
    step();
    if (count % 1000 === 0) drain();
  }
});
