import { packet, properties, sized } from '../../benchmarks/mqtt-bytes';
import { Decoder } from '../../lib/iot-core-local/mqtt/decode';
import type { ClientPacket, ProtocolVersion, PublishPacket } from '../../lib/iot-core-local/mqtt/packets';

/** The shortest CONNECT. */
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

/** A decoder that can read these bytes: a new one for CONNECT, one that has read CONNECT for other packets. */
export function decoderFor(bytes: Buffer, version: ProtocolVersion): Decoder {
  return bytes[0] >> 4 === 1 ? new Decoder({ maximumPacketSize: 200_000 }) : connectedDecoder(version);
}

/** A packet as a test compares it: with the bytes of its payload, wherever they lie. */
export type ReadPacket = Exclude<ClientPacket, PublishPacket> | ReadPublish;
export type ReadPublish = Omit<PublishPacket, 'payload'> & { readonly payload: Buffer };

/** All packets that the chunks complete. */
export function readAll(decoder: Decoder, ...chunks: readonly Buffer[]): ReadPacket[] {
  const packets: ReadPacket[] = [];
  for (const chunk of chunks) {
    decoder.push(chunk);
    for (let next = decoder.read(); next !== undefined; next = decoder.read()) packets.push(withBytes(next));
  }
  return packets;
}

export function withBytes(packet: ClientPacket): ReadPacket {
  return packet.type === 'publish' ? { ...packet, payload: packet.payload.bytes } : packet;
}

export function oneByteEach(bytes: Buffer): Buffer[] {
  return [...bytes].map((byte) => Buffer.of(byte));
}
