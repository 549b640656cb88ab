import { packet, properties, sized } from '../../../benchmarks/mqtt-bytes';
import { DecodeError } from '../../../lib/iot-core-local/mqtt/decode-error';
import type { ConnectPacket, PublishPacket } from '../../../lib/iot-core-local/mqtt/packets';
import { PropertyId } from '../../../lib/iot-core-local/mqtt/property-id';
import { connectedDecoder, decoderFor } from '../../codec/decoders';
import { type Owner, within } from '../../codec/malformed-case';

/** A property of each kind that receivers get. */
const kinds: readonly (readonly [name: string, bytes: readonly number[]])[] = [
  ['payload format indicator', [0x01, 1]],
  ['message expiry interval', [0x02, 0, 0, 0, 60]],
  ['content type', [0x03, ...sized('текст')]],
  ['response topic', [0x08, ...sized('answers/here')]],
  ['correlation data', [0x09, ...sized([0, 0xff, 0xed, 0xa0])]],
  ['user property', [0x26, ...sized('unit'), ...sized('км/ч')]],
];
const ofReceivers = kinds.map(([, bytes]) => bytes);
/** The property that is for the server alone. */
const own = { PUBLISH: [0x23, 0, 1], will: [0x18, 0, 0, 0, 9] } as const;
const owners = ['PUBLISH', 'will'] as const;

/** The body of the PUBLISH, or of the will in the CONNECT, that these bytes are. */
function bodyIn(bytes: Buffer) {
  const decoder = decoderFor(bytes, 5);
  decoder.push(bytes);
  const packet = decoder.read() as PublishPacket | ConnectPacket;
  return packet.type === 'publish' ? packet.body : packet.will!.body;
}

function refusal(bytes: Buffer): unknown {
  try {
    bodyIn(bytes);
    return undefined;
  } catch (error) {
    return error;
  }
}

describe.each(owners)('%s', (owner) => {
  // A will's payload is "gone"; the PUBLISH has none.
  const payload = owner === 'will' ? [...Buffer.from('gone')] : [];

  test('Receivers get the bytes of all properties, in their order, wherever the one for the server is among them', () => {
    for (const order of [ofReceivers, [...ofReceivers].reverse(), [...ofReceivers, ...ofReceivers.slice(-1)]]) {
      const expected = Buffer.from([...order.flat(), ...payload]);
      expect(bodyIn(within(owner, order.flat())).bytes).toEqual(expected);
      for (let place = 0; place <= order.length; place += 1) {
        const bytes = within(owner, [...order.slice(0, place), own[owner], ...order.slice(place)].flat());
        const before = bytes.toString('hex');
        const body = bodyIn(bytes);
        expect(body.bytes).toEqual(expected);
        expect([body.propertiesLength, body.payload]).toEqual([order.flat().length, Buffer.from(payload)]);
        expect(body.messageExpiryInterval).toBe(60);
        expect(bytes.toString('hex')).toBe(before);
      }
    }
  });

  test('The property for the server alone leaves receivers none', () => {
    const body = bodyIn(within(owner, own[owner]));
    expect([body.propertiesLength, body.messageExpiryInterval]).toEqual([0, undefined]);
  });

  test.each([...kinds, ['property for the server', own[owner]] as const])(
    'A %s that is cut short is malformed, wherever it is cut',
    (_, bytes) => {
      for (let length = 1; length < bytes.length; length += 1) {
        for (const before of [[], [0x26, ...sized('k'), ...sized('v')]]) {
          const error = refusal(within(owner, [...before, ...bytes.slice(0, length)]));
          expect(error).toBeInstanceOf(DecodeError);
          expect(error).toMatchObject({ reasonCode: 0x81, message: expect.stringContaining('Bytes needed for the') });
        }
      }
    },
  );

  test('A property of any other identifier is refused', () => {
    const allowed = [...ofReceivers.map(([id]) => id), own[owner][0]];
    for (let id = 0; id < 128; id += 1) {
      if (allowed.includes(id)) continue;
      const isServers = owner === 'PUBLISH' && id === PropertyId.SubscriptionIdentifier;
      expect(refusal(within(owner, [id, 0, 1, 0, 1]))).toMatchObject({
        reasonCode: isServers ? 0x82 : 0x81,
        message: expect.stringContaining(isServers ? 'Only a server may send' : `does not belong in ${owner}`),
      });
    }
  });
});

/** Properties with a text in each place that a text can have. */
const textPlaces: readonly (readonly [place: string, property: (text: readonly number[]) => readonly number[]])[] = [
  ["user property's name", (text) => [0x26, ...sized(text), ...sized('v')]],
  ["user property's value", (text) => [0x26, ...sized('k'), ...sized(text)]],
  ['content type', (text) => [0x03, ...sized(text)]],
  ['response topic', (text) => [0x08, ...sized(text)]],
];

describe.each(textPlaces)('Text in a %s', (place, property) => {
  const long = new Array(3000).fill(0x61);

  test.each([
    ['ASCII', [...Buffer.from('plain')]],
    ['two, three and four bytes a character', [...Buffer.from('é€🚗')]],
    ['a byte order mark', [0xef, 0xbb, 0xbf, 0x61]],
    ['a text of 65,535 bytes', new Array(65_535).fill(0x61)],
    ['65,535 bytes that are not ASCII', [...Buffer.from('é'.repeat(32_767)), 0x61]],
  ])('Receivers get %s as it came', (_, text) => {
    const bytes = property(text);
    const body = bodyIn(packet(0x30, sized('t'), properties(bytes), [1, 2, 3]));
    expect(body.bytes.equals(Buffer.from([...bytes, 1, 2, 3]))).toBe(true);
  });

  test.each([
    ['U+0000', [0], 'holds U+0000'],
    ['U+0000 at the end of a long text', [...long, 0], 'holds U+0000'],
    ['U+0000 beside text that is not ASCII', [...Buffer.from('é\0')], 'holds U+0000'],
    ['an overlong encoding', [0xc0, 0xaf], 'is not well-formed UTF-8'],
    ['a surrogate', [0xed, 0xa0, 0x80], 'is not well-formed UTF-8'],
    ['half a character at the end of a long text', [...long, 0xe2, 0x82], 'is not well-formed UTF-8'],
  ])('%s is malformed', (_, text, says) => {
    const message = expect.stringContaining(`The ${place} ${says}`);
    for (const owner of owners satisfies readonly Owner[]) {
      expect(refusal(within(owner, property(text)))).toMatchObject({ reasonCode: 0x81, message });
    }
  });
});

test('A response topic with a wildcard anywhere is refused, and the error quotes it', () => {
  for (const topic of ['+', '#', '+/data', 'дорога/#', 'a+b', 'cars/#/x']) {
    for (const owner of owners) {
      expect(refusal(within(owner, [0x08, ...sized(topic)]))).toMatchObject({
        reasonCode: 0x82,
        message: expect.stringContaining(`The response topic "${topic}" has a wildcard`),
      });
    }
  }
});

test('A PUBLISH without an alias, or with one before all other properties, stays in its chunk', () => {
  const publish = (...fields: readonly (readonly number[])[]) => packet(0x30, sized('t'), properties(...fields), [1]);
  const isInChunk = (bytes: Buffer) => {
    const chunk = Buffer.alloc(bytes.length);
    chunk.set(bytes);
    return bodyIn(chunk).bytes.buffer === chunk.buffer;
  };
  const alias = own.PUBLISH;
  expect([publish(), publish(...ofReceivers), publish(alias, ...ofReceivers)].map(isInChunk)).toEqual([
    true,
    true,
    true,
  ]);
  expect(isInChunk(publish(...ofReceivers, alias))).toBe(false);
});

test('Packets behind one with properties are read from where it ends', () => {
  const bytes = packet(0x30, sized('t'), properties(...ofReceivers, own.PUBLISH), [1]);
  const decoder = connectedDecoder(5);
  decoder.push(Buffer.concat([bytes, bytes, packet(0x30, sized('u'), properties(), [2])]));
  const read = [decoder.read(), decoder.read(), decoder.read()] as PublishPacket[];
  expect(read.map(({ topic, body }) => [topic, ...body.payload])).toEqual([
    ['t', 1],
    ['t', 1],
    ['u', 2],
  ]);
});
