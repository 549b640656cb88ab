import { packet, properties, sized } from '../../benchmarks/mqtt-bytes';
import type { ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';
import type { ReadPacket } from './decoders';

export interface ClientPacketCase {
  readonly name: string;
  readonly version: ProtocolVersion;
  readonly bytes: Buffer;
  readonly packet: ReadPacket;
}

/** CONNECT as clients send it, byte by byte, and as the codec decodes it. */
export const clientConnects: readonly ClientPacketCase[] = [
  {
    name: 'CONNECT with a client id only',
    version: 4,
    bytes: Buffer.from([
      0x10, // CONNECT
      16, // remaining length
      ...[0, 4, 0x4d, 0x51, 0x54, 0x54], // "MQTT"
      4, // 3.1.1
      0x02, // clean session
      ...[0, 60], // keep alive
      ...[0, 4, 0x63, 0x61, 0x72, 0x31], // "car1"
    ]),
    packet: { type: 'connect', version: 4, clientId: 'car1', clean: true, keepAlive: 60 },
  },
  {
    name: 'CONNECT with an empty client id, to be continued',
    version: 4,
    bytes: packet(0x10, sized('MQTT'), 4, 0x00, [0xff, 0xff], sized('')),
    packet: { type: 'connect', version: 4, clientId: '', clean: false, keepAlive: 65535 },
  },
  {
    name: 'CONNECT with all that 3.1.1 has',
    version: 4,
    bytes: packet(
      0x10,
      sized('MQTT'),
      4,
      0xee, // user name, password, will retain, will QoS 1, will, clean
      [0, 0],
      sized('car1'),
      sized('cars/will'),
      sized('gone'),
      sized('user'),
      sized([0, 0xff]), // a password is binary
    ),
    packet: {
      type: 'connect',
      version: 4,
      clientId: 'car1',
      clean: true,
      keepAlive: 0,
      will: { topic: 'cars/will', payload: Buffer.from('gone'), qos: 1, retain: true },
      username: 'user',
      password: Buffer.of(0, 0xff),
    },
  },
  {
    name: 'CONNECT with a user name and no password',
    version: 4,
    bytes: packet(0x10, sized('MQTT'), 4, 0x82, [0, 60], sized('car1'), sized('?SDK=js')),
    packet: { type: 'connect', version: 4, clientId: 'car1', clean: true, keepAlive: 60, username: '?SDK=js' },
  },
  {
    name: 'CONNECT whose remaining length is longer than necessary, as 3.1.1 allows',
    version: 4,
    bytes: Buffer.from([0x10, 0x8e, 0x80, 0x00, ...sized('MQTT'), 4, 0x02, 0, 60, ...sized('c1')]),
    packet: { type: 'connect', version: 4, clientId: 'c1', clean: true, keepAlive: 60 },
  },
  {
    name: 'CONNECT with a client id only',
    version: 5,
    bytes: packet(0x10, sized('MQTT'), 5, 0x00, [0, 30], properties(), sized('car1')),
    packet: { type: 'connect', version: 5, clientId: 'car1', clean: false, keepAlive: 30 },
  },
  {
    name: 'CONNECT with a password and no user name',
    version: 5,
    bytes: packet(0x10, sized('MQTT'), 5, 0x42, [0, 30], properties(), sized('car1'), sized('secret')),
    packet: {
      type: 'connect',
      version: 5,
      clientId: 'car1',
      clean: true,
      keepAlive: 30,
      password: Buffer.from('secret'),
    },
  },
  {
    name: 'CONNECT with every property',
    version: 5,
    bytes: packet(
      0x10,
      sized('MQTT'),
      5,
      0x36, // will retain, will QoS 2, will, clean
      [4, 0xb0],
      properties(
        [0x11, 0xff, 0xff, 0xff, 0xff], // session expiry interval
        [0x21, 0, 100], // receive maximum
        [0x27, 0, 2, 0, 0], // maximum packet size
        [0x22, 0, 8], // topic alias maximum
        [0x19, 1], // request response information
        [0x17, 0], // request problem information
        [0x26, ...sized('a'), ...sized('1')], // user properties: doubled, in order
        [0x26, ...sized('a'), ...sized('2')],
        [0x15, ...sized('SCRAM')], // authentication method
        [0x16, ...sized([1, 2, 3])], // authentication data
      ),
      sized('car1'),
      properties(
        [0x18, 0, 0, 0, 5], // will delay interval
        [0x01, 1], // payload format indicator
        [0x02, 0, 0, 1, 0], // message expiry interval
        [0x03, ...sized('text/plain')], // content type
        [0x08, ...sized('cars/reply')], // response topic
        [0x09, ...sized([9])], // correlation data
        [0x26, ...sized('w'), ...sized('')], // user property
      ),
      sized('cars/will'),
      sized(''),
    ),
    packet: {
      type: 'connect',
      version: 5,
      clientId: 'car1',
      clean: true,
      keepAlive: 1200,
      will: {
        topic: 'cars/will',
        payload: Buffer.alloc(0),
        qos: 2,
        retain: true,
        delayInterval: 5,
        properties: {
          payloadFormatIndicator: 1,
          messageExpiryInterval: 256,
          contentType: 'text/plain',
          responseTopic: 'cars/reply',
          correlationData: Buffer.of(9),
          userProperties: [['w', '']],
        },
      },
      sessionExpiryInterval: 0xffffffff,
      receiveMaximum: 100,
      maximumPacketSize: 131072,
      topicAliasMaximum: 8,
      requestResponseInformation: true,
      requestProblemInformation: false,
      userProperties: [
        ['a', '1'],
        ['a', '2'],
      ],
      authenticationMethod: 'SCRAM',
      authenticationData: Buffer.of(1, 2, 3),
    },
  },
];
