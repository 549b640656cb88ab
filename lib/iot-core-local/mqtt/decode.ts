import { ByteReader } from './byte-reader';
import { decodeConnect, readProtocolVersion } from './decode-connect';
import { decodeDisconnect } from './decode-disconnect';
import { malformed, protocolError } from './decode-error';
import { decodePuback } from './decode-puback';
import { decodePublish } from './decode-publish';
import { decodeSubscribe, decodeUnsubscribe } from './decode-subscribe';
import { PacketSplitter } from './packet-splitter';
import { PacketType, packetNames } from './packet-type';
import type { ClientPacket, ConnectPacket, ProtocolVersion } from './packets';
import { TopicNameReader } from './topic-name';

/** What bounds a decoder. */
export interface DecoderOptions {
  /** Bytes, fixed header included. */
  readonly maximumPacketSize: number;
}

/**
 * Decodes one client's bytes into packets.
 *
 * It is strict: bytes that break a rule of MQTT 3.1.1 or 5 give a DecodeError and no packet.
 * The caller reads one packet at a time, and may stop in the middle of a chunk:
 *
 *     decoder.push(chunk);
 *     for (let packet = decoder.read(); packet !== undefined; packet = decoder.read()) { … }
 */
export class Decoder {
  private readonly splitter: PacketSplitter;
  private readonly reader = new ByteReader();
  private readonly topics = new TopicNameReader();
  private learntVersion: ProtocolVersion | undefined;
  private sessionExpiryInterval = 0;
  private failure: unknown;

  constructor(options: DecoderOptions) {
    this.splitter = new PacketSplitter(options.maximumPacketSize);
  }

  /** The version to answer in. It is known as soon as CONNECT names a supported one, even if the rest of CONNECT is malformed. */
  get version(): ProtocolVersion | undefined {
    return this.learntVersion;
  }

  /** Takes the connection's next bytes. They belong to the decoder and to the bodies of messages from now on, so nobody else may write to them. */
  push(chunk: Buffer): void {
    this.splitter.push(chunk);
  }

  /**
   * The next packet, or undefined until more bytes are pushed.
   *
   * A PUBLISH's body lies in the chunk that it came in, so a caller that keeps it calls {@link PublishBody.keep}. All other fields are copies.
   *
   * @throws DecodeError for bytes that MQTT forbids; after it the decoder reads no packet, and throws the same error again
   */
  read(): ClientPacket | undefined {
    if (this.failure !== undefined) {
      throw this.failure;
    }
    try {
      return this.readNext();
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /**
   * The packet id of the next packet if that is a PUBACK for success in its short form, in place of {@link read}: the way of every QoS 1
   * message, without a packet object.
   *
   * @returns 0 for any other packet, which {@link read} then returns
   */
  readPuback(): number {
    return this.version === undefined || this.failure !== undefined ? 0 : this.splitter.takePuback();
  }

  private readNext(): ClientPacket | undefined {
    const { reader, splitter } = this;
    const firstByte = splitter.next(reader);
    if (firstByte === undefined) {
      // A packet that will be refused is not waited for: a client of another protocol may never send the rest.
      if (splitter.begun !== undefined) this.requireAllowed(splitter.begun);
      return undefined;
    }
    this.requireAllowed(firstByte);
    const packet = this.decode(firstByte);
    if (reader.position < reader.end) {
      throw malformed(`Bytes left over at the end of ${packetNames[firstByte >> 4]}: ${reader.end - reader.position}.`);
    }
    if (splitter.padded && this.version === 5) {
      throw malformed('The remaining length is not in its shortest form [MQTT-1.5.5-1].');
    }
    return packet;
  }

  /**
   * Checks, by the first byte of its header, that a packet may come now.
   *
   * @throws DecodeError if it may not
   */
  private requireAllowed(firstByte: number): void {
    requireValidFlags(firstByte);
    const type = firstByte >> 4;
    if (this.version === undefined && type !== PacketType.Connect) {
      throw protocolError(`The first packet is ${packetNames[type]}; it must be CONNECT [MQTT-3.1.0-1].`);
    }
    if (this.version !== undefined && type === PacketType.Connect) {
      throw protocolError('CONNECT came a second time [MQTT-3.1.0-2].');
    }
  }

  private decode(firstByte: number): ClientPacket {
    const { reader } = this;
    const type = firstByte >> 4;
    const version = this.version ?? this.learnVersion();
    switch (type) {
      case PacketType.Connect:
        return this.decodeConnect(version);
      case PacketType.Publish:
        return decodePublish(reader, firstByte, version, this.topics);
      case PacketType.Puback:
        return decodePuback(reader, version);
      case PacketType.Subscribe:
        return decodeSubscribe(reader, version);
      case PacketType.Unsubscribe:
        return decodeUnsubscribe(reader, version);
      case PacketType.Pingreq:
        return { type: 'pingreq' };
      case PacketType.Disconnect:
        return decodeDisconnect(reader, version, this.sessionExpiryInterval);
      default:
        throw unexpected(type, version);
    }
  }

  private learnVersion(): ProtocolVersion {
    this.learntVersion = readProtocolVersion(this.reader);
    return this.learntVersion;
  }

  private decodeConnect(version: ProtocolVersion): ConnectPacket {
    const packet = decodeConnect(this.reader, version);
    this.sessionExpiryInterval = packet.sessionExpiryInterval ?? 0;
    return packet;
  }
}

/** The four low bits of the fixed header's first byte. MQTT 5, 2.1.3. */
function requireValidFlags(firstByte: number): void {
  const type = firstByte >> 4;
  const flags = firstByte & 0x0f;
  if (type === PacketType.Publish) {
    if ((flags & 0x06) === 0x06) {
      throw malformed('PUBLISH has QoS 3 [MQTT-3.3.1-4].');
    }
    if ((flags & 0x0e) === 0x08) {
      throw malformed('PUBLISH has DUP set at QoS 0 [MQTT-3.3.1-2].');
    }
    return;
  }
  const expected =
    type === PacketType.Subscribe || type === PacketType.Unsubscribe || type === PacketType.Pubrel ? 0x02 : 0;
  if (flags !== expected) {
    throw malformed(`${packetNames[type]} has the flags ${flags}; they must be ${expected} [MQTT-2.1.3-1].`);
  }
}

function unexpected(type: number, version: ProtocolVersion): Error {
  switch (type) {
    case PacketType.Pubrec:
    case PacketType.Pubrel:
    case PacketType.Pubcomp:
      return protocolError(`${packetNames[type]} belongs to QoS 2, which this server does not offer.`);
    case PacketType.Connack:
    case PacketType.Suback:
    case PacketType.Unsuback:
    case PacketType.Pingresp:
      return protocolError(`${packetNames[type]} is for a server to send (MQTT 5, table 2-1).`);
    case PacketType.Auth:
      if (version === 5) {
        return protocolError(
          'AUTH belongs to an authentication method, and CONNECT cannot have agreed one [MQTT-4.12.0-7].',
        );
      }
  }
  return malformed(`The packet type ${type} is reserved (MQTT 5, table 2-1).`);
}
