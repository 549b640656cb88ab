import { packet, properties, sized } from '../../../benchmarks/mqtt-bytes';
import { Decoder } from '../../../lib/iot-core-local/mqtt/decode';
import { DecodeError } from '../../../lib/iot-core-local/mqtt/decode-error';
import type { ProtocolVersion } from '../../../lib/iot-core-local/mqtt/packets';
import { clientPackets } from '../../codec/client-packets';
import {
  connect,
  connectedDecoder,
  decoderFor,
  oneByteEach,
  type ReadPublish,
  readAll,
  withBytes,
} from '../../codec/decoders';

const versions: readonly ProtocolVersion[] = [4, 5];

describe.each(clientPackets)('MQTT $version: $name', ({ version, bytes, packet: expected }) => {
  test('A packet is decoded in one piece', () => {
    expect(readAll(decoderFor(bytes, version), bytes)).toEqual([expected]);
  });

  test('A packet is decoded wherever it is split in two', () => {
    for (let at = 1; at < bytes.length; at++) {
      expect(readAll(decoderFor(bytes, version), bytes.subarray(0, at), bytes.subarray(at))).toEqual([expected]);
    }
  });

  test('A packet is decoded from single bytes', () => {
    expect(readAll(decoderFor(bytes, version), ...oneByteEach(bytes))).toEqual([expected]);
  });

  test('A packet is decoded behind any other packet', () => {
    const others = clientPackets.filter((other) => other.version === version && other.packet.type !== 'connect');
    for (const other of others) {
      const [first, second] = expected.type === 'connect' ? [bytes, other.bytes] : [other.bytes, bytes];
      const glued = Buffer.concat([first, second]);
      const packets = expected.type === 'connect' ? [expected, other.packet] : [other.packet, expected];
      expect(readAll(decoderFor(glued, version), glued)).toEqual(packets);
    }
  });
});

describe('the stream', () => {
  const publish = (payload: number, length = 1) => packet(0x30, sized('t'), new Array(length).fill(payload));
  const payloads = (packets: readonly unknown[]) => packets.map((each) => (each as ReadPublish).payload[0]);

  test('A stream may be left in the middle of a chunk, and more chunks pushed before reading goes on', () => {
    const decoder = connectedDecoder(4);
    const stream = Buffer.concat([1, 2, 3, 4, 5].map((payload) => publish(payload)));
    decoder.push(stream.subarray(0, 15)); // two packets and a half
    const read = () => withBytes(decoder.read()!);
    const first = read();
    decoder.push(stream.subarray(15, 16));
    decoder.push(Buffer.alloc(0));
    decoder.push(stream.subarray(16, 22));
    const second = read();
    decoder.push(stream.subarray(22));
    const rest = [read(), read(), read()];
    expect(payloads([first, second, ...rest])).toEqual([1, 2, 3, 4, 5]);
    expect(decoder.read()).toBeUndefined();
    expect(payloads(readAll(decoder, publish(6)))).toEqual([6]);
  });

  test('A stream may be cut into chunks of any size', () => {
    const numbers = Array.from({ length: 200 }, (_, i) => i);
    const stream = Buffer.concat(numbers.map((i) => publish(i, (i * 7) % 300)));
    for (const size of [1, 2, 3, 5, 7, 64, 1000, stream.length]) {
      const chunks = Array.from({ length: Math.ceil(stream.length / size) }, (_, i) =>
        stream.subarray(i * size, (i + 1) * size),
      );
      const lengths = readAll(connectedDecoder(4), ...chunks).map((each) => (each as ReadPublish).payload.length);
      expect(lengths).toEqual(numbers.map((i) => (i * 7) % 300));
    }
  });

  test('A payload that was handed out is not overwritten by later packets', () => {
    const decoder = connectedDecoder(4);
    const [first] = readAll(decoder, ...oneByteEach(publish(1, 50))) as ReadPublish[];
    readAll(decoder, ...oneByteEach(publish(2, 50)));
    expect(first.payload).toEqual(Buffer.alloc(50, 1));
  });

  describe('the short way of a PUBACK', () => {
    const puback = (id: number) => packet(0x40, [id >> 8, id & 0xff]);

    test('A PUBACK for success in its short form is read as its packet id', () => {
      const decoder = connectedDecoder(4);
      decoder.push(Buffer.concat([puback(1), puback(0xfffe), publish(7)]));
      expect([decoder.readPuback(), decoder.readPuback(), decoder.readPuback()]).toEqual([1, 0xfffe, 0]);
      expect(payloads([withBytes(decoder.read()!)])).toEqual([7]);
      expect([decoder.readPuback(), decoder.read()]).toEqual([0, undefined]);
    });

    test('A PUBACK that is spread over chunks is read once, as a packet', () => {
      for (let at = 1; at < 4; at++) {
        const decoder = connectedDecoder(4);
        decoder.push(puback(258).subarray(0, at));
        expect([decoder.readPuback(), decoder.read(), decoder.readPuback()]).toEqual([0, undefined, 0]);
        decoder.push(Buffer.concat([puback(258).subarray(at), puback(259)]));
        expect([decoder.readPuback(), decoder.read()]).toEqual([0, { type: 'puback', packetId: 258, reasonCode: 0 }]);
        expect([decoder.readPuback(), decoder.read()]).toEqual([259, undefined]);
      }
    });

    test.each([
      ['with a packet id of 0', puback(0)],
      ['with flags', packet(0x42, [0, 1])],
      ['of one byte', packet(0x40, [1])],
    ])('A PUBACK %s is left to the strict way, which refuses it', (_, bytes) => {
      const decoder = connectedDecoder(5);
      decoder.push(Buffer.concat([bytes, puback(1)]));
      expect(decoder.readPuback()).toBe(0);
      expect(() => decoder.read()).toThrow(DecodeError);
      expect(decoder.readPuback()).toBe(0);
    });

    test('A PUBACK with a reason code is left to the strict way', () => {
      const decoder = connectedDecoder(5);
      decoder.push(packet(0x40, [0, 1], [0x80]));
      expect([decoder.readPuback(), decoder.read()]).toEqual([0, { type: 'puback', packetId: 1, reasonCode: 0x80 }]);
    });

    test('A PUBACK before CONNECT is left to the strict way, which refuses it', () => {
      const decoder = new Decoder({ maximumPacketSize: 1000 });
      decoder.push(puback(1));
      expect(decoder.readPuback()).toBe(0);
      expect(() => decoder.read()).toThrow(DecodeError);
    });
  });

  // Were it quadratic, either would take a minute.
  test.each([
    ['each read at once', true],
    ['none read before the last is there', false],
  ])('A packet in 1,000,000 chunks, %s, takes time in proportion', (_, readAtOnce) => {
    const bytes = Buffer.concat([Buffer.of(0x30, 0xbc, 0x84, 0x3d), Buffer.of(0, 1, 0x74), Buffer.alloc(999_993)]);
    const decoder = connectedDecoder(4, bytes.length);
    let packets = 0;
    for (let i = 0; i < bytes.length; i++) {
      decoder.push(bytes.subarray(i, i + 1));
      if (readAtOnce && decoder.read() !== undefined) packets++;
    }
    if (decoder.read() !== undefined) packets++;
    expect(packets).toBe(1);
  });

  test('A topic, another of the same length and an alias are told apart', () => {
    const to = (topic: string) => packet(0x30, sized(topic), properties([0x23, 0, 1]));
    const topics = ['a/b', 'a/b', 'a/c', '', 'a/c', 'a/b/c', 'é', 'a/b'];
    const packets = readAll(connectedDecoder(5), Buffer.concat(topics.map(to)));
    expect(packets.map((each) => (each as ReadPublish).topic)).toEqual(topics);
  });

  test('A topic of 65,535 bytes is decoded twice in a row', () => {
    const topic = 'x'.repeat(65_535);
    const bytes = packet(0x30, sized(topic));
    expect(readAll(connectedDecoder(4), bytes, bytes)).toMatchObject([{ topic }, { topic }]);
  });

  test('A password, unlike a payload, is a copy', () => {
    const bytes = packet(0x10, sized('MQTT'), 5, 0x42, [0, 30], properties(), sized('c'), sized('secret'));
    const decoder = new Decoder({ maximumPacketSize: 100 });
    decoder.push(bytes);
    const connected = decoder.read();
    bytes.fill(0);
    expect(connected).toMatchObject({ password: Buffer.from('secret') });
  });
});

describe('sizes', () => {
  const announced = (firstByte: number, ...remainingLength: number[]) => Buffer.of(firstByte, ...remainingLength);

  test.each(versions)('A packet of the maximum size is read (MQTT %i)', (version) => {
    const bytes = packet(0x30, sized('t'), version === 5 ? properties() : [], new Array(90).fill(0));
    expect(readAll(connectedDecoder(version, bytes.length), bytes)).toHaveLength(1);
  });

  test.each(versions)('A packet above the maximum size is refused from its header alone (MQTT %i)', (version) => {
    const decoder = connectedDecoder(version, 101);
    decoder.push(announced(0x30, 100)); // with its header 102
    expect(() => decoder.read()).toThrow(expect.objectContaining({ reasonCode: 0x95 }));
  });

  test('A packet may announce 268,435,455 bytes in four bytes of length', () => {
    const decoder = connectedDecoder(5);
    decoder.push(announced(0x30, 0xff, 0xff, 0xff, 0x7f));
    expect(() => decoder.read()).toThrow('268435460 bytes');
  });
});

describe('the version', () => {
  test.each(versions)('The version is known from CONNECT (MQTT %i)', (version) => {
    const decoder = new Decoder({ maximumPacketSize: 100 });
    expect(decoder.version).toBeUndefined();
    readAll(decoder, connect(version));
    expect(decoder.version).toBe(version);
  });

  test('The version is known even if the rest of CONNECT is malformed', () => {
    const decoder = new Decoder({ maximumPacketSize: 100 });
    decoder.push(packet(0x10, sized('MQTT'), 5, 0x01, [0, 60], properties(), sized('c')));
    expect(() => decoder.read()).toThrow(DecodeError);
    expect(decoder.version).toBe(5);
  });

  test.each([
    ['MQIsdp', 3],
    ['MQTT', 3],
    ['MQTT', 6],
    ['MQTT', 0x84],
    ['mqtt', 5],
    ['', 5],
  ])('The protocol %j version %i is not supported [MQTT-3.1.2-1] [MQTT-3.1.2-2]', (name, level) => {
    const decoder = new Decoder({ maximumPacketSize: 100 });
    decoder.push(packet(0x10, sized(name), level, 0x02, [0, 60], sized('c')));
    expect(() => decoder.read()).toThrow(expect.objectContaining({ name: 'DecodeError', reasonCode: 0x84 }));
    expect(decoder.version).toBeUndefined();
  });
});

test('A decoder that has thrown reads nothing more', () => {
  const decoder = connectedDecoder(5);
  decoder.push(Buffer.concat([packet(0xc0, 1), packet(0xc0)]));
  expect(() => decoder.read()).toThrow(DecodeError);
  expect(() => decoder.read()).toThrow('Bytes left over at the end of PINGREQ: 1.');
});
