import { Decoder } from '../../lib/iot-core-local/mqtt/decode';
import type { ClientPacket, ProtocolVersion } from '../../lib/iot-core-local/mqtt/packets';

type Field = number | readonly number[];

/** A UTF-8 Encoded String, or Binary Data: two bytes of length, and the content. */
export function sized(content: string | readonly number[]): number[] {
  const bytes = [...Buffer.from(content as string)];
  return [bytes.length >> 8, bytes.length & 0xff, ...bytes];
}

/** A packet: its fixed header's first byte, the remaining length, the fields. For packets of less than 2 MiB. */
export function packet(firstByte: number, ...fields: readonly Field[]): Buffer {
  const body = fields.flat();
  return Buffer.from([firstByte, ...length(body.length), ...body]);
}

/** A property length and the properties. */
export function properties(...fields: readonly Field[]): number[] {
  const block = fields.flat();
  return [...length(block.length), ...block];
}

function length(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...length(value >> 7)];
}

/** The least that opens a connection. */
export function connect(version: ProtocolVersion): Buffer {
  return packet(0x10, sized('MQTT'), version, 0x02, [0, 60], version === 5 ? properties() : [], sized('car1'));
}

/** A decoder that has read CONNECT. */
export function connectedDecoder(version: ProtocolVersion, maximumPacketSize = 200_000): Decoder {
  const decoder = new Decoder({ maximumPacketSize });
  decoder.push(connect(version));
  decoder.read();
  return decoder;
}

/** A decoder that is ready for these bytes: for a CONNECT a new one, for all else one that has read CONNECT. */
export function decoderFor(bytes: Buffer, version: ProtocolVersion): Decoder {
  return bytes[0] >> 4 === 1 ? new Decoder({ maximumPacketSize: 200_000 }) : connectedDecoder(version);
}

/** All packets that the chunks complete. */
export function readAll(decoder: Decoder, ...chunks: readonly Buffer[]): ClientPacket[] {
  const packets: ClientPacket[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let next = decoder.read(); next !== undefined; next = decoder.read()) packets.push(next);
  }
  return packets;
}

export function oneByteEach(bytes: Buffer): Buffer[] {
  return [...bytes].map((byte) => Buffer.of(byte));
}
