import { packet, properties, sized } from '../../benchmarks/mqtt-bytes';
import { Decoder } from '../../lib/iot-core-local/mqtt/decode';
import type {
  ClientPacket,
  ConnectPacket,
  ProtocolVersion,
  PublishPacket,
  Will,
} from '../../lib/iot-core-local/mqtt/packets';
import type { PublishBody } from '../../lib/iot-core-local/mqtt/publish-body';
import { type MessageProperties, propertiesOf } from '../support/message-properties';

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

/** A packet as a test compares it: with the bytes of its payload, wherever they lie, and its properties decoded. */
export type ReadPacket = Exclude<ClientPacket, PublishPacket | ConnectPacket> | ReadPublish | ReadConnect;
export type ReadPublish = ReadBody<PublishPacket>;
type ReadConnect = Omit<ConnectPacket, 'will'> & { readonly will?: ReadBody<Will> };
type ReadBody<T> = Omit<T, 'body'> & { readonly payload: Buffer; readonly properties?: MessageProperties };

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
  if (packet.type === 'publish') return bodyRead(packet);
  if (packet.type === 'connect') return { ...packet, will: packet.will && bodyRead(packet.will) };
  return packet;
}

function bodyRead<T extends { readonly body: PublishBody }>({ body, ...others }: T): ReadBody<T> {
  return { ...others, payload: body.payload, properties: propertiesOf(body) };
}

export function oneByteEach(bytes: Buffer): Buffer[] {
  return [...bytes].map((byte) => Buffer.of(byte));
}
