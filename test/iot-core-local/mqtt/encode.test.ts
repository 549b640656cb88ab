import { packet, properties, sized } from '../../../benchmarks/mqtt-bytes';
import {
  encodeConnack,
  encodeDisconnect,
  encodePingresp,
  encodePuback,
  encodePublish,
  encodeSuback,
  encodeUnsuback,
  pubackSize,
  writePuback,
} from '../../../lib/iot-core-local/mqtt/encode';

test.each([
  ['CONNACK', 4, encodeConnack({ type: 'connack', sessionPresent: true, reasonCode: 0 }, 4), packet(0x20, 1, 0)],
  [
    'CONNACK that refuses, without the properties that 3.1.1 has not',
    4,
    encodeConnack({ type: 'connack', sessionPresent: false, reasonCode: 5, receiveMaximum: 1 }, 4),
    packet(0x20, 0, 5),
  ],
  [
    'CONNACK without properties',
    5,
    encodeConnack({ type: 'connack', sessionPresent: false, reasonCode: 0x87 }, 5),
    packet(0x20, 0, 0x87, properties()),
  ],
  [
    'CONNACK with every property',
    5,
    encodeConnack(
      {
        type: 'connack',
        sessionPresent: true,
        reasonCode: 0,
        sessionExpiryInterval: 3600,
        receiveMaximum: 100,
        maximumQos: 1,
        retainAvailable: true,
        maximumPacketSize: 149_504,
        assignedClientIdentifier: 'auto-1',
        topicAliasMaximum: 8,
        reasonString: 'ok',
        wildcardSubscriptionAvailable: true,
        subscriptionIdentifiersAvailable: false,
        sharedSubscriptionAvailable: true,
        serverKeepAlive: 1200,
      },
      5,
    ),
    packet(
      0x20,
      1,
      0,
      properties(
        [0x11, 0, 0, 0x0e, 0x10],
        [0x21, 0, 100],
        [0x24, 1],
        [0x25, 1],
        [0x27, 0, 2, 0x48, 0],
        [0x12, ...sized('auto-1')],
        [0x22, 0, 8],
        [0x1f, ...sized('ok')],
        [0x28, 1],
        [0x29, 0],
        [0x2a, 1],
        [0x13, 0x04, 0xb0],
      ),
    ),
  ],
  ['PUBACK', 4, encodePuback({ type: 'puback', packetId: 258, reasonCode: 0x87 }, 4), packet(0x40, [1, 2])],
  [
    'PUBACK for success, without saying so',
    5,
    encodePuback({ type: 'puback', packetId: 258, reasonCode: 0 }, 5),
    packet(0x40, [1, 2]),
  ],
  [
    'PUBACK with a reason code',
    5,
    encodePuback({ type: 'puback', packetId: 258, reasonCode: 0x10 }, 5),
    packet(0x40, [1, 2], 0x10),
  ],
  [
    'PUBACK with a reason string',
    5,
    encodePuback({ type: 'puback', packetId: 258, reasonCode: 0, reasonString: 'é' }, 5),
    packet(0x40, [1, 2], 0, properties([0x1f, ...sized('é')])),
  ],
  [
    'SUBACK, whose failures are all 0x80',
    4,
    encodeSuback({ type: 'suback', packetId: 1, reasonCodes: [0, 1, 0x80, 0x87, 0x8f] }, 4),
    packet(0x90, [0, 1], [0, 1, 0x80, 0x80, 0x80]),
  ],
  [
    'SUBACK',
    5,
    encodeSuback({ type: 'suback', packetId: 1, reasonCodes: [0, 1, 0x87], reasonString: 'no' }, 5),
    packet(0x90, [0, 1], properties([0x1f, ...sized('no')]), [0, 1, 0x87]),
  ],
  [
    'SUBACK of which the remaining length takes two bytes',
    5,
    encodeSuback({ type: 'suback', packetId: 1, reasonCodes: new Array(125).fill(1) }, 5),
    packet(0x90, [0, 1], properties(), new Array(125).fill(1)),
  ],
  ['UNSUBACK', 4, encodeUnsuback({ type: 'unsuback', packetId: 1, reasonCodes: [0, 0x11] }, 4), packet(0xb0, [0, 1])],
  [
    'UNSUBACK',
    5,
    encodeUnsuback({ type: 'unsuback', packetId: 1, reasonCodes: [0, 0x11] }, 5),
    packet(0xb0, [0, 1], properties(), [0, 0x11]),
  ],
  ['PINGRESP', 5, encodePingresp(), packet(0xd0)],
  ['DISCONNECT for success', 5, encodeDisconnect({ type: 'disconnect', reasonCode: 0 }), packet(0xe0)],
  ['DISCONNECT with a reason code', 5, encodeDisconnect({ type: 'disconnect', reasonCode: 0x8e }), packet(0xe0, 0x8e)],
  [
    "DISCONNECT with a reason string, without the session expiry that is not a server's to send [MQTT-3.14.2-2]",
    5,
    encodeDisconnect({ type: 'disconnect', reasonCode: 0x87, reasonString: 'no', sessionExpiryInterval: 1 }),
    packet(0xe0, 0x87, properties([0x1f, ...sized('no')])),
  ],
])('the packet %s is encoded (MQTT %i)', (_name, _version, bytes, expected) => {
  expect(bytes).toEqual(expected);
});

describe('PUBLISH', () => {
  const topic = 'cars/data';
  const payload = Buffer.from('hi');

  test.each([
    ['QoS 0', 4, { qos: 0, retain: false }, packet(0x30, sized(topic), [...payload]), 0],
    ['QoS 1', 4, { qos: 1, retain: false }, packet(0x32, sized(topic), [0, 0], [...payload]), 13],
    ['QoS 0, retained', 5, { qos: 0, retain: true }, packet(0x31, sized(topic), properties(), [...payload]), 0],
    ['QoS 1', 5, { qos: 1, retain: true }, packet(0x33, sized(topic), [0, 0], properties(), [...payload]), 13],
  ] as const)('at %s is encoded (MQTT %i)', (_, version, options, frame, packetIdOffset) => {
    const published = encodePublish({ topic, payload }, { version, ...options });
    expect(published).toEqual({ frame, packetIdOffset });
  });

  test('PUBLISH carries its properties to an MQTT 5 receiver, and none to a 3.1.1 receiver', () => {
    const message = {
      topic: 'дорога',
      payload,
      properties: {
        payloadFormatIndicator: 1 as const,
        messageExpiryInterval: 0,
        contentType: '',
        responseTopic: 'r',
        correlationData: Buffer.of(1),
        userProperties: [
          ['b', '1'],
          ['a', '2'],
        ] as const,
      },
    };
    expect(encodePublish(message, { version: 4, qos: 0, retain: false }).frame).toEqual(
      packet(0x30, sized('дорога'), [...payload]),
    );
    expect(encodePublish(message, { version: 5, qos: 0, retain: false }).frame).toEqual(
      packet(
        0x30,
        sized('дорога'),
        properties(
          [0x01, 1],
          [0x02, 0, 0, 0, 0],
          [0x03, ...sized('')],
          [0x08, ...sized('r')],
          [0x09, ...sized([1])],
          [0x26, ...sized('b'), ...sized('1')],
          [0x26, ...sized('a'), ...sized('2')],
        ),
        [...payload],
      ),
    );
  });

  // The sizes at which the remaining length takes a byte more, and the packet id moves.
  test.each([
    [127, 2],
    [128, 3],
    [16_383, 3],
    [16_384, 4],
    [2_097_151, 4],
    [2_097_152, 5],
  ])('PUBLISH of remaining length %i has a header of %i bytes', (remainingLength, headerSize) => {
    const large = Buffer.alloc(remainingLength - 2 - topic.length - 2, 1);
    const { frame, packetIdOffset } = encodePublish({ topic, payload: large }, { version: 4, qos: 1, retain: false });
    expect(frame).toHaveLength(headerSize + remainingLength);
    expect(packetIdOffset).toBe(headerSize + 2 + topic.length);
  });
});

test('writePuback writes what encodePuback returns, at the offset that it is given', () => {
  const target = Buffer.alloc(10, 0xee);
  expect(writePuback(target, 3, 0xabcd)).toBe(3 + pubackSize);
  const puback = encodePuback({ type: 'puback', packetId: 0xabcd, reasonCode: 0 }, 5);
  expect(target).toEqual(Buffer.concat([Buffer.alloc(3, 0xee), puback, Buffer.alloc(3, 0xee)]));
});
