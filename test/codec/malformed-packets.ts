import { packet, sized } from '../../benchmarks/mqtt-bytes';
import type { ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';
import { connect } from './decoders';
import {
  both,
  connectWith,
  type MalformedCase,
  malformed,
  none,
  only3,
  only5,
  protocolError,
  topicAliasInvalid,
  topicNameInvalid,
  within,
} from './malformed-case';
import { malformedFields } from './malformed-fields';

/** Packets that no client may send: with malformed fields, and with contents that the packets' sections of MQTT 5, chapter 3, forbid. */
export const malformedPackets: readonly MalformedCase[] = [
  ...malformedFields,

  // 3.1 CONNECT
  both('a second CONNECT [MQTT-3.1.0-2]', protocolError, 'second time', (version) =>
    Buffer.concat([connect(version), connect(version)]),
  ),
  both('the reserved connect flag [MQTT-3.1.2-3]', malformed, 'reserved connect flag', (version) =>
    connectWith(version, 0x03),
  ),
  both('a will at QoS 3 [MQTT-3.1.2-14]', malformed, 'QoS is 3', (version) =>
    connectWith(version, 0x1e, will(version)),
  ),
  ...[0x0a, 0x12, 0x22].map((flags) =>
    both(`the connect flags ${flags}: a will's, and no will [MQTT-3.1.2-11]`, malformed, 'without a will', (version) =>
      connectWith(version, flags),
    ),
  ),
  only3('a password without a user name [MQTT-3.1.2-22]', malformed, 'without a user name', (version) =>
    connectWith(version, 0x42, sized('secret')),
  ),
  both('a will topic that is announced and missing [MQTT-3.1.2-9]', malformed, 'needed for the', (version) =>
    connectWith(version, 0x06),
  ),
  both('a user name that is announced and missing [MQTT-3.1.2-19]', malformed, 'needed for the user name', (version) =>
    connectWith(version, 0x82),
  ),
  both('a password that is announced and missing [MQTT-3.1.2-21]', malformed, 'needed for the password', (version) =>
    connectWith(version, 0xc2, sized('user')),
  ),
  both('a user name that is there and not announced [MQTT-3.1.2-18]', malformed, 'left over', (version) =>
    connectWith(version, 0x02, sized('user')),
  ),
  both('no client identifier [MQTT-3.1.3-3]', malformed, 'needed for the client identifier', (version) =>
    packet(0x10, sized('MQTT'), version, 2, [0, 0], none(version)),
  ),
  both('a will topic with a wildcard [MQTT-4.7.0-1]', topicNameInvalid, 'wildcard', (version) =>
    connectWith(version, 0x06, none(version), sized('a/#'), sized('gone')),
  ),
  both('an empty will topic [MQTT-4.7.3-1]', protocolError, 'is empty', (version) =>
    connectWith(version, 0x06, none(version), sized(''), sized('gone')),
  ),
  only5('authentication data without a method (3.1.2.11.10)', protocolError, 'no authentication method', () =>
    within('CONNECT', [0x16, ...sized('x')]),
  ),
  both('an empty CONNECT', malformed, 'needed for the protocol name', () => packet(0x10)),

  // 3.3 PUBLISH
  ...[0x36, 0x37, 0x3e].map((firstByte) =>
    both(`PUBLISH at QoS 3, ${firstByte} [MQTT-3.3.1-4]`, malformed, 'QoS 3', (version) =>
      packet(firstByte, sized('t'), [0, 1], none(version)),
    ),
  ),
  ...[0x38, 0x39].map((firstByte) =>
    both(`PUBLISH with DUP at QoS 0, ${firstByte} [MQTT-3.3.1-2]`, malformed, 'DUP', (version) =>
      packet(firstByte, sized('t'), none(version)),
    ),
  ),
  ...['+', '#', 'a/+/b', 'a/#', 'a+', 'дорога/+'].map((topic) =>
    both(`PUBLISH to "${topic}" [MQTT-3.3.2-2]`, topicNameInvalid, `"${topic}" has a wildcard`, (version) =>
      packet(0x30, sized(topic), none(version)),
    ),
  ),
  both('PUBLISH without a topic [MQTT-4.7.3-1]', protocolError, 'topic name is empty', (version) =>
    packet(0x30, sized(''), none(version)),
  ),
  only5('PUBLISH with topic alias 0 [MQTT-3.3.2-8]', topicAliasInvalid, 'alias is 0', () =>
    within('PUBLISH', [0x23, 0, 0]),
  ),
  only5('PUBLISH with a subscription identifier [MQTT-3.3.4-6]', protocolError, 'Only a server', () =>
    within('PUBLISH', [0x0b, 1]),
  ),
  ...(['PUBLISH', 'will'] as const).flatMap((owner) => [
    only5(`a response topic with a wildcard in ${owner} [MQTT-3.3.2-14]`, protocolError, 'has a wildcard', () =>
      within(owner, [0x08, ...sized('a/+')]),
    ),
    only5(`an empty response topic in ${owner} [MQTT-4.7.3-1]`, protocolError, 'is empty', () =>
      within(owner, [0x08, ...sized('')]),
    ),
  ]),
  both('an empty PUBLISH [MQTT-3.3.2-1]', malformed, 'needed for the topic name', () => packet(0x30)),

  // 3.4 PUBACK
  ...[0x01, 0x10, 0x81, 0x92, 0xff].map((code) =>
    only5(`PUBACK with reason code ${code} [MQTT-3.4.2-1]`, protocolError, `reason code ${code}`, () =>
      packet(0x40, [0, 1], code),
    ),
  ),
  only3('PUBACK with a reason code', malformed, 'left over', () => packet(0x40, [0, 1], 0)),
  only5('PUBACK with bytes after its properties', malformed, 'left over', () => packet(0x40, [0, 1], 0, none(5), 0)),

  // 3.8 SUBSCRIBE
  both('SUBSCRIBE without a filter [MQTT-3.8.3-2]', protocolError, 'no topic filter', (version) =>
    packet(0x82, [0, 1], none(version)),
  ),
  both('SUBSCRIBE to the empty filter [MQTT-4.7.3-1]', protocolError, 'topic filter is empty', (version) =>
    packet(0x82, [0, 1], none(version), sized(''), 0),
  ),
  both('SUBSCRIBE without options after its second filter', malformed, 'subscription options', (version) =>
    packet(0x82, [0, 1], none(version), sized('a'), 0, sized('b')),
  ),
  ...[0x40, 0x81].map((options) =>
    both(`SUBSCRIBE with the options ${options} [MQTT-3.8.3-5]`, malformed, 'reserved bits', (version) =>
      packet(0x82, [0, 1], none(version), sized('a'), options),
    ),
  ),
  ...[0x04, 0x08, 0x10, 0x20].map((options) =>
    only3(`SUBSCRIBE with the options ${options} [MQTT-3-8.3-4]`, malformed, 'reserved bits', () =>
      packet(0x82, [0, 1], sized('a'), options),
    ),
  ),
  only3('SUBSCRIBE at QoS 3 [MQTT-3-8.3-4]', malformed, 'QoS is 3', () => packet(0x82, [0, 1], sized('a'), 3)),
  only5('SUBSCRIBE at QoS 3 (3.8.3.1)', protocolError, 'QoS is 3', () => packet(0x82, [0, 1], none(5), sized('a'), 3)),
  only5('SUBSCRIBE with retain handling 3 (3.8.3.1)', protocolError, 'retain handling is 3', () =>
    packet(0x82, [0, 1], none(5), sized('a'), 0x30),
  ),

  // 3.10 UNSUBSCRIBE
  both('UNSUBSCRIBE without a filter [MQTT-3.10.3-2]', protocolError, 'no topic filter', (version) =>
    packet(0xa2, [0, 1], none(version)),
  ),
  both('UNSUBSCRIBE from the empty filter [MQTT-4.7.3-1]', protocolError, 'topic filter is empty', (version) =>
    packet(0xa2, [0, 1], none(version), sized('a'), sized('')),
  ),

  // 3.12 PINGREQ, 3.14 DISCONNECT
  both('PINGREQ with a body', malformed, 'left over', () => packet(0xc0, 0)),
  only3('DISCONNECT with a body', malformed, 'left over', () => packet(0xe0, 0)),
  ...[0x01, 0x10, 0x87, 0x8b, 0x8d, 0x8e, 0x9b, 0x9c, 0xa2, 0xff].map((code) =>
    only5(`DISCONNECT with reason code ${code} [MQTT-3.14.2-1]`, protocolError, `reason code ${code}`, () =>
      packet(0xe0, code),
    ),
  ),
  only5('DISCONNECT with a server reference (3.14.2.2.5)', protocolError, 'Only a server', () =>
    within('DISCONNECT', [0x1c, ...sized('elsewhere')]),
  ),
  only5('DISCONNECT that turns no session expiry into some (3.14.2.2.2)', protocolError, 'CONNECT set it to 0', () =>
    within('DISCONNECT', [0x11, 0, 0, 0, 1]),
  ),
  only5('DISCONNECT with bytes after its properties', malformed, 'left over', () => packet(0xe0, 0, none(5), 0)),

  // What this server does not take
  ...(
    [
      ['CONNACK', packet(0x20, [0, 0])],
      ['SUBACK', packet(0x90, [0, 1], 0)],
      ['UNSUBACK', packet(0xb0, [0, 1])],
      ['PINGRESP', packet(0xd0)],
      ['PUBREC', packet(0x50, [0, 1])],
      ['PUBREL', packet(0x62, [0, 1])],
      ['PUBCOMP', packet(0x70, [0, 1])],
    ] as const
  ).map(([name, bytes]) => both(name, protocolError, name, () => bytes)),
  only5('AUTH [MQTT-4.12.0-7]', protocolError, 'AUTH', () => packet(0xf0)),
  only3('packet type 15 (3.1.1, table 2.1)', malformed, 'reserved', () => packet(0xf0)),
  both('packet type 0 (table 2-1)', malformed, 'reserved', () => packet(0x00)),
];

function will(version: ProtocolVersion): number[] {
  return [...none(version), ...sized('t'), ...sized('gone')];
}
