import { Session } from '../../lib/iot-core-local/broker/session';
import { Outbox } from '../../lib/iot-core-local/gateway/outbox';
import { atMost, BrokerInHand } from '../support/fake-client';
import { subscribe, takeAll } from '../support/group-member';
import type { RawClient, Version } from '../support/raw-client';
import { wait } from '../support/time';
import { useDevice, useIotCore } from '../support/use-iot-core';
import { versions } from '../support/versions';

const fixture = useIotCore({ holdsTime: true });
const device = useDevice(fixture, 'device');

afterEach(() => jest.restoreAllMocks());

async function open(clientId: string, version: Version): Promise<RawClient> {
  const client = await fixture.open(device.credentials, version);
  await client.connect({ clientId: `${clientId} ${version}` });
  return client;
}

/** Calls `onHeld` each time that a publisher is held up for a receiver. */
function whenHeldUp(onHeld: () => void): void {
  const { whenRoom } = Session.prototype;
  jest.spyOn(Session.prototype, 'whenRoom').mockImplementation(function (this: Session, resume) {
    whenRoom.call(this, resume);
    onHeld();
  });
}

const heldUp = () => new Promise<void>(whenHeldUp);

/** The most bytes that waited for one socket at any time. */
function mostWaiting(): () => number {
  let most = 0;
  const { append } = Outbox.prototype;
  jest.spyOn(Outbox.prototype, 'append').mockImplementation(function (this: Outbox, packet) {
    append.call(this, packet);
    most = Math.max(most, this.waiting);
  });
  return () => most;
}

const messages = (count: number, qos: 0 | 1, size = 0) =>
  Array.from({ length: count }, (_, index) => {
    const payload = String(index).padEnd(size);
    return { cmd: 'publish', topic: 't', payload, qos, dup: false, retain: false, messageId: index + 1 } as const;
  });

/** 40 MB: more than the network holds on the way. */
const count = 400;
const size = 100_000;
/** What may wait for one client: a megabyte, and the packet with which it is more. */
const bound = 1_048_576 + size + 100;

test('Messages that wait for a member that never acknowledges go to one that does, except those under way', () => {
  const hand = new BrokerInHand({ random: Math.random });
  const [mute, member] = [hand.connect('mute', {}, 5), hand.connect('member', {}, 5)];
  for (const client of [mute, member]) client.subscribe('$share/group/t');
  const payloads = Array.from({ length: 100 }, (_, index) => String(index));
  for (const payload of payloads) hand.publish('t', payload, { qos: 1 });
  for (let round = 0; round < 100; round += 1) member.acknowledge();
  expect(mute.payloads.length).toBe(5);
  expect(member.payloads.length).toBe(50);
  hand.wait(1);
  for (let round = 0; round < 100; round += 1) member.acknowledge();
  expect(mute.payloads.length).toBe(5);
  expect([...mute.payloads, ...member.payloads].sort()).toEqual(payloads.sort());
});

test('Messages that wait for a slow member stay with it, except those that another member takes at once', () => {
  const hand = new BrokerInHand();
  const quick = hand.connect('quick', {}, 5);
  quick.subscribe('$share/group/t');
  const payloads = Array.from({ length: 50 }, (_, index) => String(index));
  for (const payload of payloads) hand.publish('t', payload, { qos: 1 });
  quick.acknowledge();
  const slow = hand.connect('slow', {}, 1);
  slow.subscribe('$share/group/t');
  hand.wait(1);
  expect(slow.payloads).toEqual(['10']);
  for (let round = 0; round < 10; round += 1) quick.acknowledge();
  expect(quick.payloads).toEqual(payloads.filter((payload) => payload !== '10'));
});

test('The member with the shortest backlog gets the next message if none has room', () => {
  const hand = new BrokerInHand({ sessionLimits: { stored: atMost(100), pending: atMost(10), storedPerSecond: 10 } });
  const [mute, member] = [hand.connect('mute', {}, 1), hand.connect('member', {}, 1)];
  for (const client of [mute, member]) client.subscribe('$share/group/t');
  const full = Array.from({ length: 20 }, (_, index) => hand.publish('t', String(index), { qos: 1 }));
  expect(full.every((session) => session === undefined)).toBe(true);
  expect([mute.session.backlog, member.session.backlog]).toEqual([9, 9]);
});

describe.each(versions)('under MQTT %s', (_, version) => {
  test('A client that does not read the answers to its requests is disconnected', async () => {
    const client = await open('client', version);
    jest.spyOn(Outbox.prototype, 'waiting', 'get').mockReturnValue(16_777_217);
    wait(1);
    expect(await client.rest()).toMatchObject(version === 5 ? [{ cmd: 'disconnect', reasonCode: 0x97 }] : []);
    expect(fixture.log.at(-1)?.message).toBe(
      `"client ${version}" was disconnected: it does not read the answers to its packets.`,
    );
  });

  describe('a receiver that does not read', () => {
    test('A receiver that does not read holds up its publisher for a second, then loses QoS 0 messages, and the log says how many', async () => {
      const [receiver, publisher] = [await open('receiver', version), await open('publisher', version)];
      receiver.send({ cmd: 'subscribe', messageId: 1, subscriptions: [{ topic: 't', qos: 0 }] });
      await receiver.next();
      receiver.socket.pause();
      const most = mostWaiting();
      let heldFor = 0;
      whenHeldUp(() => {
        heldFor += 1;
        setImmediate(wait, 1);
      });
      publisher.send(...messages(count, 0, size));
      await publisher.ping();
      expect(heldFor).toBeGreaterThan(0);
      wait(1);
      const told = fixture.logText.matchAll(
        new RegExp(`warn Receiver too slow: (\\d+) QoS 0 messages? for "receiver ${version}" dropped.\n`, 'g'),
      );
      const dropped = [...told].reduce((sum, [, number]) => sum + Number(number), 0);
      expect(dropped).toBeGreaterThan(0);
      expect(most()).toBeLessThan(bound);
      receiver.socket.resume();
      for (let left = count - dropped; left > 0; left -= 1) expect(await receiver.next()).toMatchObject({ topic: 't' });
      expect(await receiver.ping()).toEqual([]);
    });

    test('A receiver that does not read holds up its publisher at QoS 1, and loses nothing', async () => {
      const [receiver, publisher] = [await open('receiver', version), await open('publisher', version)];
      await subscribe(receiver, 't');
      receiver.socket.pause();
      const most = mostWaiting();
      const held = heldUp();
      publisher.send(...messages(count, 1, size));
      await held;
      expect(most()).toBeLessThan(bound);
      receiver.socket.resume();
      expect(await takeAll(receiver, count)).toEqual(
        Array.from({ length: count }, (_, index) => String(index).padEnd(size)),
      );
    });
  });

  describe('a member that never acknowledges', () => {
    test('A member that never acknowledges is disconnected after 30 s, even if it pings, and its messages are handed over', async () => {
      const [mute, publisher] = [await open('mute', version), await open('publisher', version)];
      await subscribe(mute, '$share/group/t');
      const held = heldUp();
      publisher.send(...messages(1100, 1));
      await held;
      wait(29);
      // It is connected, and 100 messages, its receive maximum, are under way to it.
      expect((await mute.ping()).length).toBe(100);
      const member = await open('member', version);
      await subscribe(member, '$share/group/t');
      const taken = takeAll(member, 1100);
      wait(1);
      await mute.closed;
      expect(fixture.logText).toContain(
        `warn "mute ${version}" was disconnected: it took no message for 30 seconds.\n`,
      );
      const numbers = (await taken).map(Number).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: 1100 }, (_, index) => index));
    });
  });
});
