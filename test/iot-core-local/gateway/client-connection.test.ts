import { EventEmitter } from 'node:events';
import type { TLSSocket } from 'node:tls';
import { packet, properties, sized } from '../../../benchmarks/mqtt-bytes';
import { MessageBroker } from '../../../lib/iot-core-local/broker/message-broker';
import { ClientConnection } from '../../../lib/iot-core-local/gateway/client-connection';
import type { GatewayContext } from '../../../lib/iot-core-local/gateway/gateway-context';
import { Presence } from '../../../lib/iot-core-local/gateway/presence';

/** A socket that takes all bytes and has none of its own. */
class FakeSocket extends EventEmitter {
  readonly writable = true;
  readonly writableLength = 0;
  readonly bytesRead = 0;
  readonly bytesWritten = 0;
  write = jest.fn((_bytes: Buffer) => true);
  end = jest.fn();
  destroy = jest.fn();
}

/** A client that has connected with a keep-alive of 60 s, at a time that the test sets. */
function connected({
  authorize = () => ({ allowed: true, reason: '' }),
}: {
  authorize?: (...asked: unknown[]) => unknown;
} = {}) {
  const hand = { now: 10_000 };
  const clocks = { wall: () => hand.now, monotonic: () => hand.now };
  const log: string[] = [];
  const wake = jest.fn();
  const context = {
    broker: new MessageBroker({ clocks }),
    authorizer: { authorize },
    registry: { revision: 1, listPrincipalThings: () => [] },
    presence: new Presence(clocks),
    clocks,
    log: ({ message }: { message: string }) => log.push(message),
    isStrict: false,
    schedule: () => {},
    wake,
  } as unknown as GatewayContext;
  const socket = new FakeSocket();
  const connection = new ClientConnection(socket as unknown as TLSSocket, 'arn', context);
  socket.emit('data', packet(0x10, sized('MQTT'), 5, 0x02, [0, 60], properties(), sized('car1')));
  return { hand, log, wake, socket, connection };
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
