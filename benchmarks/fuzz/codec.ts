import { Decoder } from '../../lib/iot-core-local/mqtt/decode';
import { DecodeError } from '../../lib/iot-core-local/mqtt/decode-error';
import type { ClientPacket, ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';
import { clientPackets } from '../../test/codec/client-packets';
import { decoderFor } from '../../test/codec/decoders';
import { malformedPackets } from '../../test/codec/malformed-packets';
import { pick, type Random } from '../random';
import { mutate } from './mutate';

type Sample = readonly [ProtocolVersion, Buffer];

const valid: readonly Sample[] = clientPackets.map(({ version, bytes }) => [version, bytes]);
const malformed: readonly Sample[] = malformedPackets.flatMap(({ versions, bytes }) =>
  versions.map((version): Sample => [version, bytes(version)]),
);
const endings = valid.map(([, bytes]) => bytes);

/**
 * Decodes a mutated packet, in two pieces.
 *
 * @returns the packets that were read, and whether the decoder refused one
 * @throws Error with the packet in hexadecimal, for any error that is not a DecodeError
 */
export function decodeMutant(random: Random): { readonly packets: readonly ClientPacket[]; readonly refused: boolean } {
  const [version, sample] = pick(random, random(2) === 0 ? valid : malformed);
  const bytes = mutate(random, sample, endings);
  // One mutant of eight comes first on its connection.
  const decoder = random(8) === 0 ? new Decoder({ maximumPacketSize: 10_000 }) : decoderFor(bytes, version);
  const at = random(bytes.length + 1);
  const packets: ClientPacket[] = [];
  try {
    for (const chunk of [bytes.subarray(0, at), bytes.subarray(at)]) {
      decoder.push(chunk);
      for (let next = decoder.read(); next !== undefined; next = decoder.read()) {
        // A packet has at least two bytes, so more packets than that are not in the bytes.
        if (packets.push(next) > bytes.length / 2) throw new Error('The decoder reads the packet again and again.');
      }
    }
    return { packets, refused: false };
  } catch (error) {
    if (error instanceof DecodeError) return { packets, refused: true };
    throw new Error(`MQTT ${version}, ${bytes.toString('hex')}`, { cause: error });
  }
}
