import { packet, properties, sized } from '../../benchmarks/mqtt-bytes';
import { type ClientPacketCase, clientConnects } from './client-connects';

/** Packets as clients send them, byte by byte, and as the codec decodes them. */
export const clientPackets: readonly ClientPacketCase[] = [
  ...clientConnects,
  {
    name: 'PUBLISH at QoS 0',
    version: 4,
    bytes: Buffer.from([
      0x30, // PUBLISH, QoS 0
      7, // remaining length
      ...[0, 3, 0x61, 0x2f, 0x62], // "a/b"
      ...[0x68, 0x69], // the payload, "hi"
    ]),
    packet: {
      type: 'publish',
      topic: 'a/b',
      payload: Buffer.from('hi'),
      qos: 0,
      retain: false,
      dup: false,
      packetId: 0,
    },
  },
  {
    name: 'PUBLISH at QoS 1, again, to be retained',
    version: 4,
    bytes: packet(0x3b, sized('a/b'), [0x12, 0x34], [0]),
    packet: {
      type: 'publish',
      topic: 'a/b',
      payload: Buffer.of(0),
      qos: 1,
      retain: true,
      dup: true,
      packetId: 0x1234,
    },
  },
  {
    name: 'PUBLISH at QoS 2 without a payload',
    version: 4,
    bytes: packet(0x34, sized('$aws/x'), [0xff, 0xff]),
    packet: {
      type: 'publish',
      topic: '$aws/x',
      payload: Buffer.alloc(0),
      qos: 2,
      retain: false,
      dup: false,
      packetId: 65535,
    },
  },
  {
    name: 'PUBLISH of 200 bytes, whose remaining length takes two, to a topic beyond ASCII that begins with a byte order mark',
    version: 4,
    bytes: packet(0x30, sized('\ufeffдорога/🚗'), new Array(200).fill(0x61)),
    packet: {
      type: 'publish',
      topic: '\ufeffдорога/🚗',
      payload: Buffer.alloc(200, 'a'),
      qos: 0,
      retain: false,
      dup: false,
      packetId: 0,
    },
  },
  {
    name: 'PUBLISH without properties',
    version: 5,
    bytes: packet(0x31, sized('cars/data'), properties(), [1, 2, 3]),
    packet: {
      type: 'publish',
      topic: 'cars/data',
      payload: Buffer.of(1, 2, 3),
      qos: 0,
      retain: true,
      dup: false,
      packetId: 0,
    },
  },
  {
    name: 'PUBLISH with every property',
    version: 5,
    bytes: packet(
      0x32,
      sized('cars/data'),
      [0, 1],
      properties(
        [0x01, 0],
        [0x02, 0xff, 0xff, 0xff, 0xff],
        [0x23, 0, 8],
        [0x08, ...sized('cars/reply')],
        [0x09, ...sized([])],
        [0x26, ...sized('k'), ...sized('v')],
        [0x26, ...sized('k'), ...sized('v')],
        [0x03, ...sized('')],
      ),
      [0x7b, 0x7d],
    ),
    packet: {
      type: 'publish',
      topic: 'cars/data',
      payload: Buffer.from('{}'),
      qos: 1,
      retain: false,
      dup: false,
      packetId: 1,
      topicAlias: 8,
      properties: {
        payloadFormatIndicator: 0,
        messageExpiryInterval: 0xffffffff,
        responseTopic: 'cars/reply',
        correlationData: Buffer.alloc(0),
        contentType: '',
        userProperties: [
          ['k', 'v'],
          ['k', 'v'],
        ],
      },
    },
  },
  {
    name: 'PUBLISH with an alias for its topic, and no other property',
    version: 5,
    bytes: packet(0x30, sized(''), properties([0x23, 0xff, 0xff]), [1]),
    packet: {
      type: 'publish',
      topic: '',
      payload: Buffer.of(1),
      qos: 0,
      retain: false,
      dup: false,
      packetId: 0,
      topicAlias: 65535,
    },
  },
  {
    name: 'PUBACK',
    version: 4,
    bytes: packet(0x40, [0, 1]),
    packet: { type: 'puback', packetId: 1, reasonCode: 0 },
  },
  {
    name: 'PUBACK without a reason code',
    version: 5,
    bytes: packet(0x40, [0xab, 0xcd]),
    packet: { type: 'puback', packetId: 0xabcd, reasonCode: 0 },
  },
  {
    name: 'PUBACK with a reason code and no property length',
    version: 5,
    bytes: packet(0x40, [0, 1], 0x97),
    packet: { type: 'puback', packetId: 1, reasonCode: 0x97 },
  },
  {
    name: 'PUBACK with properties',
    version: 5,
    bytes: packet(0x40, [0, 1], 0x80, properties([0x26, ...sized('k'), ...sized('v')], [0x1f, ...sized('full')])),
    packet: { type: 'puback', packetId: 1, reasonCode: 0x80, reasonString: 'full' },
  },
  {
    name: 'SUBSCRIBE to two filters',
    version: 4,
    bytes: packet(0x82, [0, 10], sized('a/+'), 0, sized('$share/group2/cars/data'), 1),
    packet: {
      type: 'subscribe',
      packetId: 10,
      subscriptions: [
        { topicFilter: 'a/+', qos: 0, noLocal: false, retainAsPublished: false, retainHandling: 0 },
        { topicFilter: '$share/group2/cars/data', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 0 },
      ],
    },
  },
  {
    name: 'SUBSCRIBE with every option and property',
    version: 5,
    bytes: packet(
      0x82,
      [0, 11],
      properties([0x0b, 0xff, 0xff, 0xff, 0x7f], [0x26, ...sized('k'), ...sized('v')]),
      sized('#'),
      0x2e, // retain handling 2, retain as published, no local, QoS 2
      sized('a'),
      0x11, // retain handling 1, QoS 1
    ),
    packet: {
      type: 'subscribe',
      packetId: 11,
      subscriptionIdentifier: 268_435_455,
      subscriptions: [
        { topicFilter: '#', qos: 2, noLocal: true, retainAsPublished: true, retainHandling: 2 },
        { topicFilter: 'a', qos: 1, noLocal: false, retainAsPublished: false, retainHandling: 1 },
      ],
    },
  },
  {
    name: 'UNSUBSCRIBE from two filters',
    version: 4,
    bytes: packet(0xa2, [0, 12], sized('a/+'), sized('b')),
    packet: { type: 'unsubscribe', packetId: 12, topicFilters: ['a/+', 'b'] },
  },
  {
    name: 'UNSUBSCRIBE with a user property',
    version: 5,
    bytes: packet(0xa2, [0, 12], properties([0x26, ...sized('k'), ...sized('v')]), sized('#')),
    packet: { type: 'unsubscribe', packetId: 12, topicFilters: ['#'] },
  },
  { name: 'PINGREQ', version: 4, bytes: Buffer.of(0xc0, 0), packet: { type: 'pingreq' } },
  { name: 'PINGREQ', version: 5, bytes: Buffer.of(0xc0, 0), packet: { type: 'pingreq' } },
  { name: 'DISCONNECT', version: 4, bytes: Buffer.of(0xe0, 0), packet: { type: 'disconnect', reasonCode: 0 } },
  {
    name: 'DISCONNECT without a reason code',
    version: 5,
    bytes: Buffer.of(0xe0, 0),
    packet: { type: 'disconnect', reasonCode: 0 },
  },
  {
    name: 'DISCONNECT that wants the will, with no property length',
    version: 5,
    bytes: packet(0xe0, 0x04),
    packet: { type: 'disconnect', reasonCode: 4 },
  },
  {
    name: 'DISCONNECT with properties',
    version: 5,
    bytes: packet(
      0xe0,
      0x00,
      properties([0x11, 0, 0, 0, 0], [0x1f, ...sized('bye')], [0x26, ...sized('k'), ...sized('v')]),
    ),
    packet: { type: 'disconnect', reasonCode: 0, sessionExpiryInterval: 0, reasonString: 'bye' },
  },
];
