/** A short run with a fixed seed: the same 20,000 mutations each time. */

import { decodeMutant } from '../../benchmarks/fuzz/codec';
import { packet } from '../../benchmarks/mqtt-bytes';
import { randomIntegers } from '../../benchmarks/random';
import { DecodeError } from '../../lib/iot-core-local/mqtt/decode-error';
import type { ClientPacket } from '../../lib/iot-core-local/mqtt/packets';
import { clientPackets } from '../codec/client-packets';
import { connectedDecoder, decoderFor, readAll, withBytes } from '../codec/decoders';
import { encodePublish } from '../support/encoded-publish';

const seed = 20_260_101;
const runs = 20_000;

test(`Each of ${runs} mutated packets (seed ${seed}) is read or refused with a DecodeError`, () => {
  const random = randomIntegers(seed);
  let read = 0;
  let refused = 0;
  for (let run = 0; run < runs; run++) {
    const mutant = decodeMutant(random);
    mutant.packets.forEach(expectToSurviveEncoding);
    read += mutant.packets.length;
    refused += mutant.refused ? 1 : 0;
  }
  // Both happen often enough for the test to mean something.
  expect(read).toBeGreaterThan(runs / 20);
  expect(refused).toBeGreaterThan(runs / 20);
});

test('A packet that is cut short, with a correct remaining length, is read or refused with a DecodeError', () => {
  for (const { version, bytes } of clientPackets) {
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

function expectToSurviveEncoding(packet: ClientPacket): void {
  const read = withBytes(packet);
  if (read.type !== 'publish' || read.qos === 2 || read.topic === '') return;
  const { frame, packetIdOffset } = encodePublish(read, { version: 5, qos: read.qos, retain: read.retain });
  if (read.qos === 1) frame.writeUInt16BE(read.packetId, packetIdOffset);
  expect(readAll(connectedDecoder(5), frame)).toEqual([{ ...read, dup: false, topicAlias: undefined }]);
}
