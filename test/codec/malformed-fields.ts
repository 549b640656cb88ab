import { packet, properties, sized } from '../../benchmarks/mqtt-bytes';
import { connect } from './decoders';
import { both, type MalformedCase, malformed, none, type Owner, only5, protocolError, within } from './malformed-case';

/** What is wrong with the fields that packets are made of, by section of MQTT 5, chapters 1 and 2. */
export const malformedFields: readonly MalformedCase[] = [
  // 1.5 Data representation
  ...(
    [
      ['an overlong encoding', [0xc0, 0xaf]],
      ['a surrogate, U+D800', [0xed, 0xa0, 0x80]],
      ['a code point past U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
      ['half a character', [0x61, 0xe2, 0x82]],
      ['a lone continuation byte', [0x80]],
    ] as const
  ).flatMap(([what, text]) => [
    both(`${what} in a topic name [MQTT-1.5.4-1]`, malformed, 'well-formed UTF-8', (version) =>
      packet(0x30, sized(text), none(version)),
    ),
    both(`${what} in a topic filter [MQTT-1.5.4-1]`, malformed, 'well-formed UTF-8', (version) =>
      packet(0x82, [0, 1], none(version), sized(text), 0),
    ),
    both(`${what} in a client identifier [MQTT-3.1.3-4]`, malformed, 'well-formed UTF-8', (version) =>
      packet(0x10, sized('MQTT'), version, 2, [0, 0], none(version), sized(text)),
    ),
  ]),
  both('U+0000 in a topic name [MQTT-1.5.4-2]', malformed, 'U+0000', (version) =>
    packet(0x30, sized('a\0b'), none(version)),
  ),
  both('U+0000 in a text beyond ASCII [MQTT-1.5.4-2]', malformed, 'U+0000', (version) =>
    packet(0xa2, [0, 1], none(version), sized('é\0')),
  ),
  both('U+0000 in a user name [MQTT-1.5.4-2]', malformed, 'U+0000', (version) =>
    packet(0x10, sized('MQTT'), version, 0x82, [0, 0], none(version), sized('c'), sized('\0')),
  ),
  only5('ill-formed UTF-8 in the second half of a pair [MQTT-1.5.7-1]', malformed, 'well-formed UTF-8', () =>
    packet(0x30, sized('t'), properties([0x26], sized('k'), sized([0xff]))),
  ),
  both('a length that reaches past the end of the packet', malformed, 'needed for the topic name: 5; left: 1', () =>
    packet(0x30, [0, 5], 0x61),
  ),

  // 2.1.3 Flags
  ...[0x20, 0x50, 0x70, 0xb0, 0xd0].map((reserved) =>
    both(`flags on packet type ${reserved >> 4} [MQTT-2.1.3-1]`, malformed, 'flags', () => packet(reserved | 0x01)),
  ),
  ...[0x11, 0x12, 0x14, 0x18].map((firstByte) =>
    both(`CONNECT with the flags ${firstByte & 15} [MQTT-2.1.3-1]`, malformed, 'flags', (version) =>
      Buffer.concat([Buffer.of(firstByte), connect(version).subarray(1)]),
    ),
  ),
  ...[0x41, 0x42, 0x48].map((firstByte) =>
    both(`PUBACK with the flags ${firstByte & 15} [MQTT-2.1.3-1]`, malformed, 'flags', () => packet(firstByte, [0, 1])),
  ),
  ...[0x60, 0x63].map((firstByte) =>
    both(`PUBREL with the flags ${firstByte & 15} [MQTT-3.6.1-1]`, malformed, 'flags', () => packet(firstByte, [0, 1])),
  ),
  ...[0x80, 0x83, 0x8a].map((firstByte) =>
    both(`SUBSCRIBE with the flags ${firstByte & 15} [MQTT-3.8.1-1]`, malformed, 'flags', (version) =>
      packet(firstByte, [0, 1], none(version), sized('t'), 0),
    ),
  ),
  ...[0xa0, 0xa1, 0xa6].map((firstByte) =>
    both(`UNSUBSCRIBE with the flags ${firstByte & 15} [MQTT-3.10.1-1]`, malformed, 'flags', (version) =>
      packet(firstByte, [0, 1], none(version), sized('t')),
    ),
  ),
  both('PINGREQ with flags [MQTT-2.1.3-1]', malformed, 'flags', () => packet(0xc1)),
  both('DISCONNECT with flags [MQTT-3.14.1-1]', malformed, 'flags', () => packet(0xe2)),
  both('AUTH with flags [MQTT-3.15.1-1]', malformed, 'flags', () => packet(0xf1)),

  // 2.1.4 Remaining length
  both('a remaining length of five bytes (2.1.4)', malformed, 'longer than four bytes', () =>
    Buffer.of(0x30, 0x80, 0x80, 0x80, 0x80, 0x01),
  ),
  only5('a remaining length longer than necessary [MQTT-1.5.5-1]', malformed, 'shortest form', () =>
    Buffer.of(0xc0, 0x80, 0x00),
  ),
  only5("CONNECT's remaining length longer than necessary [MQTT-1.5.5-1]", malformed, 'shortest form', () => {
    const bytes = connect(5);
    return Buffer.concat([Buffer.of(bytes[0], bytes[1] | 0x80, 0), bytes.subarray(2)]);
  }),

  // 2.2.1 Packet identifiers
  both('PUBLISH with packet identifier 0 [MQTT-2.2.1-3]', protocolError, 'identifier is 0', (version) =>
    packet(0x32, sized('t'), [0, 0], none(version)),
  ),
  both('PUBACK with packet identifier 0 [MQTT-2.2.1-5]', protocolError, 'identifier is 0', () => packet(0x40, [0, 0])),
  both('SUBSCRIBE with packet identifier 0 [MQTT-2.2.1-3]', protocolError, 'identifier is 0', (version) =>
    packet(0x82, [0, 0], none(version), sized('t'), 0),
  ),
  both('UNSUBSCRIBE with packet identifier 0 [MQTT-2.2.1-3]', protocolError, 'identifier is 0', (version) =>
    packet(0xa2, [0, 0], none(version), sized('t')),
  ),
  both('PUBLISH at QoS 1 without a packet identifier', malformed, 'needed for the packet identifier', () =>
    packet(0x32, sized('t')),
  ),
  both('PUBACK with half a packet identifier', malformed, 'needed for the packet identifier', () => packet(0x40, 1)),

  // 2.2.2 Properties
  ...[
    0x00, // no property
    0x12, // assigned client identifier: CONNACK's
    0x24, // maximum QoS: CONNACK's
    0x7f, // no property
  ].flatMap((id) =>
    everyOwner().map(([owner, wrap]) =>
      only5(`the property ${id} in ${owner} (2.2.2.2)`, malformed, 'does not belong', () => wrap([id, 0, 0])),
    ),
  ),
  ...everyOwner()
    .filter(([owner]) => owner !== 'PUBLISH')
    .map(([owner, wrap]) =>
      only5(`a topic alias in ${owner} (2.2.2.2)`, malformed, 'does not belong', () => wrap([0x23, 0, 1])),
    ),
  only5('a property identifier of two bytes instead of one [MQTT-1.5.5-1]', malformed, 'shortest form', () =>
    packet(0x30, sized('t'), properties([0x81, 0x00, 1])),
  ),
  only5('a property identifier of five bytes (1.5.5)', malformed, 'longer than four bytes', () =>
    packet(0x30, sized('t'), properties([0xff, 0xff, 0xff, 0xff, 0x01])),
  ),
  only5('a property identifier that stands for no property, of two bytes', malformed, 'does not belong', () =>
    packet(0x30, sized('t'), properties([0x81, 0x01, 1])),
  ),
  only5('no property length [MQTT-2.2.2-1]', malformed, 'needed for the property length', () =>
    packet(0x30, sized('t')),
  ),
  only5('a property length longer than necessary [MQTT-1.5.5-1]', malformed, 'shortest form', () =>
    packet(0x30, sized('t'), [0x80, 0x00]),
  ),
  only5('a property length that reaches past the end of the packet', malformed, 'property length 3', () =>
    packet(0x30, sized('t'), [3, 0x01, 0]),
  ),
  only5('a property that reaches past the end of the properties', malformed, 'needed for the message expiry', () =>
    packet(0x30, sized('t'), [3, 0x02, 0, 0], [0, 0, 0, 0]),
  ),
  ...(
    [
      ['payload format indicator', 'PUBLISH', [0x01, 0]],
      ['message expiry interval', 'PUBLISH', [0x02, 0, 0, 0, 1]],
      ['content type', 'PUBLISH', [0x03, ...sized('')]],
      ['response topic', 'PUBLISH', [0x08, ...sized('r')]],
      ['correlation data', 'PUBLISH', [0x09, ...sized('')]],
      ['topic alias', 'PUBLISH', [0x23, 0, 1]],
      ['payload format indicator', 'will', [0x01, 0]],
      ['message expiry interval', 'will', [0x02, 0, 0, 0, 0]],
      ['content type', 'will', [0x03, ...sized('')]],
      ['response topic', 'will', [0x08, ...sized('r')]],
      ['correlation data', 'will', [0x09, ...sized('')]],
      ['will delay interval', 'will', [0x18, 0, 0, 0, 0]],
      ['session expiry interval', 'CONNECT', [0x11, 0, 0, 0, 0]],
      ['authentication method', 'CONNECT', [0x15, ...sized('')]],
      ['authentication data', 'CONNECT', [0x16, ...sized('')]],
      ['request problem information', 'CONNECT', [0x17, 0]],
      ['request response information', 'CONNECT', [0x19, 0]],
      ['receive maximum', 'CONNECT', [0x21, 0, 1]],
      ['topic alias maximum', 'CONNECT', [0x22, 0, 0]],
      ['maximum packet size', 'CONNECT', [0x27, 0, 0, 0, 1]],
      ['reason string', 'PUBACK', [0x1f, ...sized('')]],
      ['subscription identifier', 'SUBSCRIBE', [0x0b, 1]],
      ['session expiry interval', 'DISCONNECT', [0x11, 0, 0, 0, 0]],
      ['reason string', 'DISCONNECT', [0x1f, ...sized('')]],
    ] as const
  ).map(([name, owner, property]) =>
    only5(`two of the property ${name} in ${owner}`, protocolError, `The ${name} is there twice`, () =>
      within(owner, [...property, ...property]),
    ),
  ),
  ...(
    [
      ['payload format indicator', 2, 'PUBLISH', [0x01, 2]],
      ['payload format indicator', 2, 'will', [0x01, 2]],
      ['request problem information', 2, 'CONNECT', [0x17, 2]],
      ['request response information', 255, 'CONNECT', [0x19, 255]],
      ['receive maximum', 0, 'CONNECT', [0x21, 0, 0]],
      ['maximum packet size', 0, 'CONNECT', [0x27, 0, 0, 0, 0]],
      ['subscription identifier', 0, 'SUBSCRIBE', [0x0b, 0]],
    ] as const
  ).map(([name, value, owner, property]) =>
    only5(`the ${name} ${value} in ${owner}`, protocolError, `The ${name} is ${value};`, () => within(owner, property)),
  ),
];

function everyOwner(): [Owner, (property: readonly number[]) => Buffer][] {
  const owners: Owner[] = ['CONNECT', 'will', 'PUBLISH', 'PUBACK', 'SUBSCRIBE', 'UNSUBSCRIBE', 'DISCONNECT'];
  return owners.map((owner) => [owner, (property) => within(owner, property)]);
}
