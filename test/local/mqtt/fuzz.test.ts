/** Seeded and bounded: the same 20,000 mutations each time. */
import { Decoder } from '../../../lib/local/mqtt/decode';
import { DecodeError } from '../../../lib/local/mqtt/decode-error';
import { encodePublish } from '../../../lib/local/mqtt/encode';
import type { ClientPacket, ProtocolVersion } from '../../../lib/local/mqtt/packets';
import { connectedDecoder, decoderFor, packet, readAll } from './bytes';
import { CLIENT_PACKETS } from './client-packets';
import { MALFORMED_PACKETS } from './malformed-packets';

const SEED = 20_260_101;
const RUNS = 20_000;

type Sample = readonly [ProtocolVersion, Buffer];

const VALID: readonly Sample[] = CLIENT_PACKETS.map(({ version, bytes }) => [version, bytes]);
const MALFORMED: readonly Sample[] = MALFORMED_PACKETS.flatMap(({ versions, bytes }) =>
  versions.map((version): Sample => [version, bytes(version)]),
);

test(`Of ${RUNS} mutated packets (seed ${SEED}), each is read or refused with a DecodeError, and none is read for ever`, () => {
  const random = randomIntegers(SEED);
  let read = 0;
  let refused = 0;
  for (let run = 0; run < RUNS; run++) {
    const [version, sample] = pick(random, random(2) === 0 ? VALID : MALFORMED);
    const bytes = mutate(random, sample);
    const { packets, error } = readMutant(random, version, bytes);
    if (error !== undefined && !(error instanceof DecodeError)) {
      throw new Error(`Run ${run}: MQTT ${version}, ${bytes.toString('hex')}`, { cause: error });
    }
    packets.forEach(expectToSurviveEncoding);
    read += packets.length;
    refused += error === undefined ? 0 : 1;
  }
  // Neither half of the test may come to nothing.
  expect(read).toBeGreaterThan(RUNS / 20);
  expect(refused).toBeGreaterThan(RUNS / 20);
});

test('A packet cut short anywhere, its length put right, is read or refused with a DecodeError', () => {
  for (const { version, bytes } of CLIENT_PACKETS) {
    const body = [...bytes.subarray(bytes[1] < 0x80 ? 2 : bytes[2] < 0x80 ? 3 : 4)];
    for (let length = 0; length < body.length; length++) {
      const cut = packet(bytes[0], body.slice(0, length));
      try {
        expect(readAll(decoderFor(cut, version), cut)).toHaveLength(1);
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
      }
    }
  }
});

function readMutant(random: Random, version: ProtocolVersion, bytes: Buffer) {
  // Now and then the mutant comes first on its connection.
  const decoder = random(8) === 0 ? new Decoder({ maximumPacketSize: 10_000 }) : decoderFor(bytes, version);
  const at = random(bytes.length + 1);
  const packets: ClientPacket[] = [];
  try {
    for (const chunk of [bytes.subarray(0, at), bytes.subarray(at)]) {
      decoder.push(chunk);
      for (let next = decoder.read(); next !== undefined; next = decoder.read()) {
        // A packet has at least two bytes.
        if (packets.push(next) > bytes.length / 2) throw new Error('It is read for ever.');
      }
    }
    return { packets };
  } catch (error) {
    return { packets, error };
  }
}

function expectToSurviveEncoding(read: ClientPacket): void {
  if (read.type !== 'publish' || read.qos === 2 || read.topic === '') return;
  const { frame, packetIdOffset } = encodePublish(read, { version: 5, qos: read.qos, retain: read.retain });
  if (read.qos === 1) frame.writeUInt16BE(read.packetId, packetIdOffset);
  expect(readAll(connectedDecoder(5), frame)).toEqual([{ ...read, dup: false, topicAlias: undefined }]);
}

function mutate(random: Random, sample: Buffer): Buffer {
  let bytes = [...sample];
  for (let left = 1 + random(3); left > 0; left--) {
    const at = random(bytes.length + 1);
    switch (random(6)) {
      case 0: // one bit
        if (at < bytes.length) bytes[at] ^= 1 << random(8);
        break;
      case 1: // a byte that is at some border
        if (at < bytes.length) bytes[at] = pick(random, [0x00, 0x01, 0x23, 0x2b, 0x7f, 0x80, 0xc0, 0xed, 0xff]);
        break;
      case 2: // a byte more
        bytes.splice(at, 0, random(256));
        break;
      case 3: // some bytes fewer
        bytes.splice(at, 1 + random(4));
        break;
      case 4: // a part twice
        bytes.splice(at, 0, ...bytes.slice(at, at + 1 + random(12)));
        break;
      case 5: // the end of another packet
        bytes = [...bytes.slice(0, at), ...pick(random, VALID)[1].subarray(random(8))];
        break;
    }
  }
  // Most often the length is put right, so that what is wrong lies deeper.
  if (random(4) > 0 && bytes.length >= 2 && bytes[1] < 0x80) return packet(bytes[0], bytes.slice(2));
  return Buffer.from(bytes);
}

/** An integer from 0 to below the limit. */
type Random = (limit: number) => number;

/** The mulberry32 generator. */
function randomIntegers(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)];
}
