import { EventEmitter } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { parser } from 'mqtt-packet';
import { packet, properties, sized, uint16 } from '../../../benchmarks/mqtt-bytes';
import { Message } from '../../../lib/iot-core-local/broker/message';
import { MessageBroker } from '../../../lib/iot-core-local/broker/message-broker';
import type { SessionLimits } from '../../../lib/iot-core-local/broker/session-context';
import { ClientConnection } from '../../../lib/iot-core-local/gateway/client-connection';
import type { GatewayContext } from '../../../lib/iot-core-local/gateway/gateway-context';
import type { Outbox } from '../../../lib/iot-core-local/gateway/outbox';
import { Presence } from '../../../lib/iot-core-local/gateway/presence';
import { PublishBody } from '../../../lib/iot-core-local/mqtt/publish-body';
import { atMost, FakeClient, numbers } from '../../support/fake-client';

/** A socket that takes all bytes and has none of its own. */
class FakeSocket extends EventEmitter {
  readonly writable = true;
  readonly writableLength = 0;
  readonly bytesRead = 0;
  readonly bytesWritten = 0;
  pause = jest.fn();
  resume = jest.fn();
  write = jest.fn((_bytes: Buffer) => true);
  end = jest.fn();
  destroy = jest.fn();
}

interface Options {
  readonly authorize?: (...asked: unknown[]) => unknown;
  readonly sessionLimits?: SessionLimits;
}

/** A client that has connected with a keep-alive of 60 s, at a time that the test sets. */
function connected({ authorize = () => ({ allowed: true, reason: '' }), sessionLimits }: Options = {}) {
  const hand = { now: 10_000 };
  const clocks = { wall: () => hand.now, monotonic: () => hand.now };
  const log: string[] = [];
  const wake = jest.fn();
  const broker = new MessageBroker({ clocks, sessionLimits });
  const scheduled: Outbox[] = [];
  const context = {
    broker,
    authorizer: { authorize },
    registry: { revision: 1, listPrincipalThings: () => [] },
    presence: new Presence(clocks),
    clocks,
    log: ({ message }: { message: string }) => log.push(message),
    isStrict: false,
    schedule: (outbox: Outbox) => scheduled.push(outbox),
    wake,
  } as unknown as GatewayContext;
  const socket = new FakeSocket();
  const connection = new ClientConnection(socket as unknown as TLSSocket, 'arn', context);
  socket.emit('data', packet(0x10, sized('MQTT'), 5, 0x02, [0, 60], properties(), sized('car1')));
  const endTurn = () => {
    for (const outbox of scheduled.splice(0)) outbox.flush();
  };
  return { hand, log, wake, socket, connection, broker, endTurn };
}

const ping = () => packet(0xc0);
const publish = () => packet(0x30, sized('t'), properties());

test('An active connection is due each second; an idle one when its client has been silent for too long', () => {
  const { hand, connection } = connected();
  hand.now = 11_000;
  expect(connection.tick()).toBe(11_000);
  hand.now = 12_000;
  expect(connection.tick()).toBe(10_000 + 90_000);
});

test('An idle connection wakes when bytes come, once', () => {
  const { hand, wake, socket, connection } = connected();
  for (hand.now = 11_000; hand.now < 13_000; hand.now += 1000) connection.tick();
  expect(wake).not.toHaveBeenCalled();
  socket.emit('data', ping());
  socket.emit('data', ping());
  expect(wake).toHaveBeenCalledTimes(1);
  expect(wake).toHaveBeenCalledWith(connection);
  expect(connection.tick()).toBe(hand.now);
});

test('The time that a connection was idle does not count into the rate that it wakes with', () => {
  const { hand, log, socket, connection } = connected();
  for (hand.now = 11_000; hand.now < 13_000; hand.now += 1000) connection.tick();
  hand.now = 60_000;
  socket.emit('data', Buffer.concat(Array.from({ length: 150 }, publish)));
  hand.now = 60_500;
  connection.tick();
  expect(log).toContainEqual(expect.stringContaining('had 150 publishes in a second'));
});

test('A client that is silent for one and a half keep-alive times is disconnected, and its socket destroyed after five seconds', () => {
  const { hand, wake, socket, connection } = connected();
  for (hand.now = 11_000; hand.now < 13_000; hand.now += 1000) connection.tick();
  hand.now = 99_999;
  expect(connection.tick()).toBe(100_000);
  hand.now = 100_000;
  connection.tick();
  expect([wake.mock.calls.length, socket.end.mock.calls.length]).toEqual([1, 1]);
  expect(connection.tick()).toBe(105_000);
  expect(socket.destroy).not.toHaveBeenCalled();
  hand.now = 105_000;
  connection.tick();
  expect(socket.destroy).toHaveBeenCalledTimes(1);
});

test('A connection that has ended does not wake any more', () => {
  const { hand, wake, socket, connection } = connected();
  for (hand.now = 11_000; hand.now < 13_000; hand.now += 1000) connection.tick();
  socket.emit('close');
  expect(wake).toHaveBeenCalledTimes(1);
  socket.emit('drain');
  socket.emit('data', ping());
  expect(wake).toHaveBeenCalledTimes(1);
});

test('A failure of IoT Core Local itself ends the connection that met it, with 0x80, and is logged as an error', () => {
  const authorize = (_principal: unknown, action: unknown) => {
    if (action === 'iot:Publish') throw new TypeError('x is not a function');
    return { allowed: true };
  };
  const { log, socket } = connected({ authorize });
  socket.emit('data', Buffer.concat([publish(), publish()]));
  expect(log.slice(-2)).toEqual([
    expect.stringMatching(/^IoT Core Local failed: TypeError: x is not a function\n +at /),
    '"car1" was disconnected: IoT Core Local failed.',
  ]);
  expect(socket.end).toHaveBeenCalledTimes(1);
  expect(Buffer.concat(socket.write.mock.calls.flat()).subarray(-3)).toEqual(Buffer.of(0xe0, 1, 0x80));
});

test('A connection that is lost is logged with the code of its error', () => {
  const { log, socket } = connected();
  socket.emit('error', Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }));
  socket.emit('close');
  expect(log.at(-1)).toBe('"car1" is gone: ECONNRESET.');
});

describe('a client whose receiver becomes full', () => {
  const disconnect = () => packet(0xe0);
  const publishes = (first: number, last: number) =>
    numbers(last)
      .slice(first - 1)
      .map((payload) => packet(0x32, sized('t'), uint16(Number(payload)), properties(), [...Buffer.from(payload)]));

  /** A client, and a receiver of one message at a time. By default it is full when four wait for it, and overfull when five do. */
  function withReceiver(pending = 4) {
    const client = connected({ sessionLimits: { stored: atMost(100), pending: atMost(pending), storedPerSecond: 10 } });
    const { socket, broker, endTurn } = client;
    const request = { clientId: 'receiver', version: 5, clean: true, expiryInterval: 0 } as const;
    const receiver = new FakeClient(broker, request, 1);
    receiver.subscribe('t');
    endTurn();
    /** What the client has been answered since the last call, such as `puback 1`. */
    const answers = () => {
      endTurn();
      const found: string[] = [];
      const reader = parser({ protocolVersion: 5 });
      reader.on('packet', ({ cmd, messageId }) => found.push(messageId === undefined ? cmd : `${cmd} ${messageId}`));
      reader.parse(Buffer.concat(socket.write.mock.calls.flat()));
      socket.write.mockClear();
      return found;
    };
    answers();
    const send = (...packets: readonly Buffer[]) => socket.emit('data', Buffer.concat(packets));
    const pubacks = (first: number, last: number) =>
      numbers(last)
        .slice(first - 1)
        .map((id) => `puback ${id}`);
    /** The receiver acknowledges one message after the other, until it has got this many. */
    const drain = (count: number) => {
      while (receiver.received.length < count) receiver.acknowledgeOnly(receiver.received.at(-1)!.packetId!);
    };
    return { ...client, receiver, answers, send, pubacks, drain };
  }

  test('The packets behind the message that makes the client wait are handled, and no bytes are read any more', () => {
    const { socket, connection, receiver, answers, send, pubacks } = withReceiver();
    send(...publishes(1, 5), ping(), packet(0x82, uint16(9), properties(), sized('u'), 1));
    expect(answers()).toEqual([...pubacks(1, 5), 'pingresp', 'suback 9']);
    expect(connection.waitsFor).toBe(receiver.session);
    expect([socket.pause.mock.calls.length, socket.resume.mock.calls.length]).toEqual([1, 0]);
  });

  test('The packets behind the message that makes the receiver overfull are handled in order when the receiver has room', () => {
    const { socket, connection, receiver, answers, send, pubacks, drain } = withReceiver();
    send(...publishes(1, 8), ping());
    // Bytes that had been read come although the socket is paused.
    send(...publishes(9, 9));
    expect(answers()).toEqual(pubacks(1, 6));
    drain(3);
    expect([answers(), socket.resume.mock.calls.length]).toEqual([[], 0]);
    drain(4);
    expect(answers()).toEqual([...pubacks(7, 8), 'pingresp', ...pubacks(9, 9)]);
    expect(connection.waitsFor).toBe(receiver.session);
    drain(9);
    expect(receiver.payloads).toEqual(numbers(9));
    expect(connection.waitsFor).toBeUndefined();
    expect(socket.resume).toHaveBeenCalledTimes(socket.pause.mock.calls.length);
  });

  test('A client that waits is not disconnected as a silent one, and its keep-alive time counts from when it goes on', () => {
    const { hand, broker, socket, connection, receiver, send, drain } = withReceiver();
    send(...publishes(1, 5));
    for (; hand.now < 200_000; hand.now += 1000) expect(connection.tick()).toBe(hand.now);
    drain(4);
    connection.tick();
    expect([socket.end.mock.calls.length, connection.waitsFor]).toEqual([0, undefined]);
    hand.now += 89_999;
    connection.tick();
    expect(socket.end).not.toHaveBeenCalled();
    hand.now += 1;
    connection.tick();
    expect(socket.end).toHaveBeenCalledTimes(1);
    expect([receiver.closedWith, broker.findSession('car1')]).toEqual([undefined, undefined]);
  });

  test('A DISCONNECT behind the message that makes the client wait ends the connection at once, and the wait changes nothing later', () => {
    const { socket, connection, log, answers, send, pubacks, receiver, drain } = withReceiver();
    send(...publishes(1, 5), disconnect(), ping());
    expect([log.at(-1), socket.end.mock.calls.length]).toEqual(['"car1" disconnected.', 1]);
    expect(answers()).toEqual(pubacks(1, 5));
    expect([connection.waitsFor, socket.resume.mock.calls.length]).toEqual([undefined, 1]);
    drain(5);
    send(ping());
    expect([answers(), receiver.payloads]).toEqual([[], numbers(5)]);
  });

  test('Other publishers do not wait behind a client that has gone', () => {
    const { broker, socket, send, drain } = withReceiver(8);
    const publish = () => broker.publish(new Message('t', PublishBody.of(Buffer.from('x')), 1, false, '', 0));
    send(...publishes(1, 9));
    socket.emit('close');
    drain(3);
    expect(publish()).toBeUndefined();
  });

  test('Packets that still wait when their client goes are neither acknowledged nor published', () => {
    const { socket, answers, send, pubacks, receiver, drain } = withReceiver();
    send(...publishes(1, 8));
    expect(answers()).toEqual(pubacks(1, 6));
    socket.emit('close');
    drain(6);
    receiver.acknowledge();
    expect([answers(), receiver.payloads]).toEqual([[], numbers(6)]);
  });
});
