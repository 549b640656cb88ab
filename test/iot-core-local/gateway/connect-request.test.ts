import { ClientFault } from '../../../lib/iot-core-local/gateway/client-fault';
import { grantConnect } from '../../../lib/iot-core-local/gateway/connect-request';
import type { ConnectPacket, Will } from '../../../lib/iot-core-local/mqtt/packets';
import { PublishBody } from '../../../lib/iot-core-local/mqtt/publish-body';
import { bodyWith } from '../../support/message-properties';

const connect: ConnectPacket = { type: 'connect', version: 5, clientId: 'car1', clean: true, keepAlive: 60 };
const will: Will = { topic: 'cars/gone', body: PublishBody.of(Buffer.from('x')), qos: 1, retain: false };

test.each([
  [0, 1200, 1200],
  [1, 30, 30],
  [29, 30, 30],
  [30, 30, undefined],
  [60, 60, undefined],
  [1200, 1200, undefined],
  [1201, 1200, 1200],
  [65_535, 1200, 1200],
])('A keep-alive of %i s becomes %i s, and CONNACK has %s', (keepAlive, granted, told) => {
  const answer = grantConnect({ ...connect, keepAlive });
  expect([answer.keepAlive, answer.properties.serverKeepAlive]).toEqual([granted, told]);
});

test.each([
  ['5', { version: 5 }, 0, undefined],
  ['5', { version: 5, clean: false }, 0, undefined],
  ['5', { version: 5, sessionExpiryInterval: 600 }, 600, undefined],
  ['5', { version: 5, sessionExpiryInterval: 3600 }, 3600, undefined],
  ['5', { version: 5, sessionExpiryInterval: 3601 }, 3600, 3600],
  ['5', { version: 5, sessionExpiryInterval: 0xffffffff }, 3600, 3600],
  ['3.1.1', { version: 4, clean: true }, 0, undefined],
  ['3.1.1', { version: 4, clean: false }, 3600, 3600],
] as const)(
  'Under MQTT %s, a session requested by %j outlives its connection by %i s, and CONNACK has %s',
  (_, fields, seconds, told) => {
    const answer = grantConnect({ ...connect, ...fields });
    expect(answer.sessionExpiryInterval).toBe(seconds * 1000);
    expect(answer.properties.sessionExpiryInterval).toBe(told);
  },
);

test('CONNACK says what AWS IoT Core supports', () => {
  expect(grantConnect(connect).properties).toEqual({
    receiveMaximum: 100,
    maximumQos: 1,
    maximumPacketSize: 149_504,
    topicAliasMaximum: 8,
    retainAvailable: true,
    wildcardSubscriptionAvailable: true,
    sharedSubscriptionAvailable: true,
    subscriptionIdentifiersAvailable: false,
  });
});

describe('a client id', () => {
  test.each(['car1', 'x'.repeat(128), 'ü'.repeat(64), 'a b/+#*', ' '])('A client id may be %j', (clientId) => {
    const answer = grantConnect({ ...connect, clientId });
    expect([answer.clientId, answer.properties.assignedClientIdentifier]).toEqual([clientId, undefined]);
  });

  test.each(['x'.repeat(129), 'ü'.repeat(65), '$car1', '$GEN/1'])('A client id may not be %j', (clientId) => {
    expect(refusalOf({ ...connect, clientId })).toBe(0x85);
  });

  test.each([
    [5, true],
    [5, false],
    [4, true],
  ] as const)('An empty client id is replaced under version %i, clean %s', (version, clean) => {
    const answers = [1, 2].map(() => grantConnect({ ...connect, version, clean, clientId: '' }));
    expect(answers[0].clientId).not.toBe(answers[1].clientId);
    expect(answers.map(({ clientId, properties }) => clientId === properties.assignedClientIdentifier)).toEqual([
      true,
      true,
    ]);
  });

  test('An empty client id is rejected for a persistent session of 3.1.1, with its return code', () => {
    expect(refusalOf({ ...connect, version: 4, clean: false, clientId: '' })).toBe(0x02);
  });
});

test.each([
  ['an authentication method', { authenticationMethod: 'SCRAM-SHA-1' }, 0x8c],
  ['a custom authorizer', { username: 'user?x-amz-customauthorizer-name=Mine&x=1' }, 0x87],
  ['a signature for a custom authorizer', { username: '?x-amz-customauthorizer-signature=x' }, 0x87],
  ['a will of QoS 2', { will: { ...will, qos: 2 } }, 0x9b],
  ['a will above 128 KB', { will: { ...will, body: PublishBody.of(Buffer.alloc(131_073)) } }, 0x95],
  ['a will on a topic above 256 bytes', { will: { ...will, topic: 'x'.repeat(257) } }, 0x90],
  ['a will on a topic of 8 slashes', { will: { ...will, topic: 'a/b/c/d/e/f/g/h/i' } }, 0x90],
] as const)('%s is refused', (_, fields, reasonCode) => {
  expect(refusalOf({ ...connect, ...fields })).toBe(reasonCode);
});

test('A will of 128 KB is granted, and a user name with a password is ignored', () => {
  const packet = {
    ...connect,
    // The properties do not count.
    will: { ...will, body: bodyWith({ contentType: 'text' }, Buffer.alloc(131_072)) },
    username: '?SDK=x',
    password: Buffer.from('y'),
  };
  expect(grantConnect(packet).clientId).toBe('car1');
});

/** The reason code with which a CONNECT is refused. */
function refusalOf(packet: ConnectPacket): number | undefined {
  try {
    grantConnect(packet);
    return undefined;
  } catch (error) {
    if (error instanceof ClientFault) return error.reasonCode;
    throw error;
  }
}
