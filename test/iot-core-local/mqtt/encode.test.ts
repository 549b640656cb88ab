import { packet, properties, sized } from '../../../benchmarks/mqtt-bytes';
import {
  encodeConnack,
  encodeDisconnect,
  encodePingresp,
  encodePuback,
  encodeSuback,
  encodeUnsuback,
  pubackSize,
  writePuback,
} from '../../../lib/iot-core-local/mqtt/encode';

test.each([
  ['CONNACK', 4, encodeConnack({ type: 'connack', sessionPresent: true, reasonCode: 0 }, 4), packet(0x20, 1, 0)],
  [
    'CONNACK that refuses, without the properties that 3.1.1 does not have',
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
])('The packet %s is encoded (MQTT %i)', (_name, _version, bytes, expected) => {
  expect(bytes).toEqual(expected);
});

test('writePuback writes what encodePuback returns, at the offset that it is given', () => {
  const target = Buffer.alloc(10, 0xee);
  expect(writePuback(target, 3, 0xabcd)).toBe(3 + pubackSize);
  const puback = encodePuback({ type: 'puback', packetId: 0xabcd, reasonCode: 0 }, 5);
  expect(target).toEqual(Buffer.concat([Buffer.alloc(3, 0xee), puback, Buffer.alloc(3, 0xee)]));
});

test.each([
  [127, [0x7f]],
  [128, [0x80, 1]],
  [16_383, [0xff, 0x7f]],
  [16_384, [0x80, 0x80, 1]],
])('The length of %i bytes of properties is written in its shortest form', (length, expected) => {
  const reasonString = `é${'a'.repeat(length - 5)}`;
  const bytes = encodeDisconnect({ type: 'disconnect', reasonCode: 0x87, reasonString });
  const block = properties([0x1f, ...sized(reasonString)]);
  expect(block.slice(0, expected.length)).toEqual(expected);
  expect(bytes.equals(packet(0xe0, 0x87, block))).toBe(true);
});
