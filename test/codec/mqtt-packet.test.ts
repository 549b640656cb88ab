/** The codec against an independent one, in both directions. */
import { generate, type Packet, parser } from 'mqtt-packet';

import {
  encodeConnack,
  encodeDisconnect,
  encodePingresp,
  encodePuback,
  encodeSuback,
  encodeUnsuback,
} from '../../lib/iot-core-local/mqtt/encode';
import type { ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';
import { encodePublish } from '../support/encoded-publish';
import { decoderFor, readAll } from './decoders';

const publishes = (version: ProtocolVersion) =>
  [0, 1, 100, 128, 16_384].flatMap((size) =>
    ([0, 1] as const).map((qos) => ({
      topic: `cars/${size}/é`,
      payload: Buffer.alloc(size, 'x'),
      qos,
      retain: size % 2 === 0,
      properties:
        version === 5 && size > 1
          ? {
              payloadFormatIndicator: true,
              messageExpiryInterval: size,
              contentType: 'text/plain',
              responseTopic: 'cars/reply',
              correlationData: Buffer.from([0, size & 0xff]),
              userProperties: { sender: 'car1', hops: ['1', '2'] },
            }
          : undefined,
    })),
  );

const ourProperties = (properties: ReturnType<typeof publishes>[number]['properties']) =>
  properties && {
    ...properties,
    payloadFormatIndicator: 1 as const,
    userProperties: [
      ['sender', 'car1'],
      ['hops', '1'],
      ['hops', '2'],
    ] as const,
  };

describe.each<ProtocolVersion>([4, 5])('MQTT %i: what mqtt-packet writes, we read', (protocolVersion) => {
  const decoded = (packet: Packet) => {
    const bytes = generate(packet, { protocolVersion });
    return readAll(decoderFor(bytes, protocolVersion), bytes);
  };

  test('PUBLISH', () => {
    for (const publish of publishes(protocolVersion)) {
      const packet = { cmd: 'publish', dup: false, messageId: publish.qos && 7, ...publish } as Packet;
      expect(decoded(packet)).toEqual([
        {
          ...publish,
          type: 'publish',
          dup: false,
          packetId: publish.qos && 7,
          properties: ourProperties(publish.properties),
        },
      ]);
    }
  });

  test('CONNECT', () => {
    const properties = {
      sessionExpiryInterval: 3600,
      receiveMaximum: 432,
      maximumPacketSize: 100,
      topicAliasMaximum: 456,
      requestResponseInformation: true,
      requestProblemInformation: true,
      userProperties: { sender: 'car1' },
      authenticationMethod: 'test',
      authenticationData: Buffer.of(1, 2),
    };
    const packet: Packet = {
      cmd: 'connect',
      protocolId: 'MQTT',
      protocolVersion,
      clientId: 'car1',
      clean: false,
      keepalive: 30,
      username: 'user',
      password: Buffer.from('secret'),
      will: {
        topic: 'cars/will',
        payload: Buffer.from('gone'),
        qos: 1,
        retain: true,
        ...(protocolVersion === 5 && { properties: { willDelayInterval: 10, contentType: 'text/plain' } }),
      },
      ...(protocolVersion === 5 && { properties }),
    };
    expect(decoded(packet)).toEqual([
      {
        type: 'connect',
        version: protocolVersion,
        clientId: 'car1',
        clean: false,
        keepAlive: 30,
        username: 'user',
        password: Buffer.from('secret'),
        will: {
          topic: 'cars/will',
          payload: Buffer.from('gone'),
          qos: 1,
          retain: true,
          ...(protocolVersion === 5 && { delayInterval: 10, properties: { contentType: 'text/plain' } }),
        },
        ...(protocolVersion === 5 && { ...properties, userProperties: [['sender', 'car1']] }),
      },
    ]);
  });

  test.each<[Packet, object]>([
    [
      { cmd: 'puback', messageId: 65535 },
      { type: 'puback', packetId: 65535, reasonCode: 0 },
    ],
    [
      { cmd: 'subscribe', messageId: 6, subscriptions: [{ topic: 'a/#', qos: 1 }] },
      { type: 'subscribe', packetId: 6, subscriptions: [{ topicFilter: 'a/#', qos: 1, noLocal: false }] },
    ],
    [
      { cmd: 'unsubscribe', messageId: 7, unsubscriptions: ['a', 'b'] },
      { type: 'unsubscribe', packetId: 7, topicFilters: ['a', 'b'] },
    ],
    [{ cmd: 'pingreq' }, { type: 'pingreq' }],
    [{ cmd: 'disconnect' }, { type: 'disconnect', reasonCode: 0 }],
  ])('$cmd', (packet, expected) => {
    expect(decoded(packet)).toMatchObject([expected]);
  });
});

test.each<[Packet, object]>([
  [
    { cmd: 'puback', messageId: 1, reasonCode: 0x97, properties: { reasonString: 'full' } },
    { type: 'puback', packetId: 1, reasonCode: 0x97, reasonString: 'full' },
  ],
  [
    {
      cmd: 'subscribe',
      messageId: 6,
      properties: { subscriptionIdentifier: 145 },
      subscriptions: [{ topic: 'a', qos: 2, nl: true, rap: true, rh: 2 }],
    },
    {
      type: 'subscribe',
      packetId: 6,
      subscriptionIdentifier: 145,
      subscriptions: [{ topicFilter: 'a', qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 }],
    },
  ],
  [
    { cmd: 'disconnect', reasonCode: 4, properties: { sessionExpiryInterval: 0, reasonString: 'bye' } },
    { type: 'disconnect', reasonCode: 4, sessionExpiryInterval: 0, reasonString: 'bye' },
  ],
])('MQTT 5: what only it has, mqtt-packet writes and we read: $cmd', (packet, expected) => {
  const bytes = generate(packet, { protocolVersion: 5 });
  expect(readAll(decoderFor(bytes, 5), bytes)).toMatchObject([expected]);
});

describe.each<ProtocolVersion>([4, 5])('MQTT %i: what we write, mqtt-packet reads', (protocolVersion) => {
  const parsed = (bytes: Buffer) => {
    const packets: Packet[] = [];
    const stream = parser({ protocolVersion });
    stream.on('packet', (packet) => packets.push(packet));
    stream.on('error', (error) => {
      throw error;
    });
    stream.parse(bytes);
    return packets;
  };

  test('PUBLISH', () => {
    for (const { properties, ...publish } of publishes(protocolVersion)) {
      const message = { ...publish, properties: ourProperties(properties) };
      const { frame, packetIdOffset } = encodePublish(message, { version: protocolVersion, ...publish });
      if (publish.qos === 1) frame.writeUInt16BE(0xabcd, packetIdOffset);
      const expected = {
        cmd: 'publish',
        ...publish,
        dup: false,
        ...(properties && { properties }),
        ...(publish.qos === 1 && { messageId: 0xabcd }),
      };
      expect(parsed(frame)).toMatchObject([expected]);
    }
  });

  test.each<[string, Buffer, object]>([
    [
      'CONNACK',
      encodeConnack({ type: 'connack', sessionPresent: true, reasonCode: 0 }, protocolVersion),
      { cmd: 'connack', sessionPresent: true, [protocolVersion === 5 ? 'reasonCode' : 'returnCode']: 0 },
    ],
    [
      'PUBACK',
      encodePuback({ type: 'puback', packetId: 513, reasonCode: 0 }, protocolVersion),
      { cmd: 'puback', messageId: 513 },
    ],
    [
      'SUBACK',
      encodeSuback({ type: 'suback', packetId: 2, reasonCodes: [0, 1, 0x80] }, protocolVersion),
      { cmd: 'suback', messageId: 2, granted: [0, 1, 0x80] },
    ],
    [
      'UNSUBACK',
      encodeUnsuback({ type: 'unsuback', packetId: 3, reasonCodes: [0, 0x11] }, protocolVersion),
      { cmd: 'unsuback', messageId: 3, ...(protocolVersion === 5 && { granted: [0, 0x11] }) },
    ],
    ['PINGRESP', encodePingresp(), { cmd: 'pingresp' }],
  ])('%s', (_, bytes, expected) => {
    expect(parsed(bytes)).toMatchObject([expected]);
  });

  if (protocolVersion === 5) {
    test.each<[string, Buffer, object]>([
      [
        'CONNACK with properties',
        encodeConnack(
          {
            type: 'connack',
            sessionPresent: false,
            reasonCode: 0x87,
            sessionExpiryInterval: 3600,
            receiveMaximum: 100,
            maximumQos: 1,
            retainAvailable: true,
            maximumPacketSize: 149_504,
            assignedClientIdentifier: 'auto',
            topicAliasMaximum: 8,
            reasonString: 'why',
            wildcardSubscriptionAvailable: true,
            subscriptionIdentifiersAvailable: false,
            sharedSubscriptionAvailable: true,
            serverKeepAlive: 1200,
          },
          5,
        ),
        {
          cmd: 'connack',
          reasonCode: 0x87,
          properties: {
            sessionExpiryInterval: 3600,
            receiveMaximum: 100,
            maximumQoS: 1,
            retainAvailable: true,
            maximumPacketSize: 149_504,
            assignedClientIdentifier: 'auto',
            topicAliasMaximum: 8,
            reasonString: 'why',
            wildcardSubscriptionAvailable: true,
            subscriptionIdentifiersAvailable: false,
            sharedSubscriptionAvailable: true,
            serverKeepAlive: 1200,
          },
        },
      ],
      [
        'PUBACK with a reason',
        encodePuback({ type: 'puback', packetId: 1, reasonCode: 0x87, reasonString: 'no' }, 5),
        { cmd: 'puback', messageId: 1, reasonCode: 0x87, properties: { reasonString: 'no' } },
      ],
      [
        'DISCONNECT',
        encodeDisconnect({ type: 'disconnect', reasonCode: 0x8e, reasonString: 'elsewhere' }),
        { cmd: 'disconnect', reasonCode: 0x8e, properties: { reasonString: 'elsewhere' } },
      ],
    ])('%s', (_, bytes, expected) => {
      expect(parsed(bytes)).toMatchObject([expected]);
    });
  }
});
