import type { ByteReader } from './byte-reader';
import { DecodeError, malformed, protocolError, quote } from './decode-error';
import { readProperties } from './decode-properties';
import { readMessageProperties } from './message-properties';
import { type ConnectPacket, type ProtocolVersion, type Qos, ReasonCode, type Will } from './packets';
import { PublishBody } from './publish-body';
import { requireTopicName } from './topic-name';

/** MQTT 5, 3.1.2.3. */
const ConnectFlag = {
  Reserved: 0x01,
  Clean: 0x02,
  Will: 0x04,
  WillRetain: 0x20,
  Password: 0x40,
  Username: 0x80,
} as const;
const willQosShift = 3;

/**
 * Reads the protocol's name and version, with which CONNECT begins.
 *
 * @throws DecodeError with UnsupportedProtocolVersion for any but MQTT 3.1.1 and 5 [MQTT-3.1.2-1] [MQTT-3.1.2-2]
 */
export function readProtocolVersion(reader: ByteReader): ProtocolVersion {
  const name = reader.string('protocol name');
  const level = reader.byte('protocol version');
  if (name !== 'MQTT' || (level !== 4 && level !== 5)) {
    throw new DecodeError(
      ReasonCode.UnsupportedProtocolVersion,
      `The protocol is ${quote(name)} version ${level}; "MQTT" versions 4 (3.1.1) and 5 are supported [MQTT-3.1.2-1].`,
    );
  }
  return level;
}

/** Decodes the part of CONNECT behind the protocol's version. MQTT 5, 3.1. @throws DecodeError */
export function decodeConnect(reader: ByteReader, version: ProtocolVersion): ConnectPacket {
  const flags = readFlags(reader, version);
  const keepAlive = reader.uint16('keep alive');
  const properties = version === 5 ? readProperties(reader, 'CONNECT') : {};
  if (properties.authenticationData !== undefined && properties.authenticationMethod === undefined) {
    throw protocolError('There is authentication data, but no authentication method (MQTT 5, 3.1.2.11.10).');
  }
  return {
    type: 'connect',
    version,
    clientId: reader.string('client identifier'),
    clean: (flags & ConnectFlag.Clean) !== 0,
    keepAlive,
    will: flags & ConnectFlag.Will ? readWill(reader, flags, version) : undefined,
    username: flags & ConnectFlag.Username ? reader.string('user name') : undefined,
    password: flags & ConnectFlag.Password ? reader.binary('password') : undefined,
    ...properties,
  };
}

function readFlags(reader: ByteReader, version: ProtocolVersion): number {
  const flags = reader.byte('connect flags');
  if (flags & ConnectFlag.Reserved) {
    throw malformed('The reserved connect flag is set [MQTT-3.1.2-3].');
  }
  if (willQos(flags) === 3) {
    throw malformed("The will's QoS is 3 [MQTT-3.1.2-14].");
  }
  if (!(flags & ConnectFlag.Will) && (willQos(flags) !== 0 || flags & ConnectFlag.WillRetain)) {
    throw malformed('The connect flags have a will QoS or will RETAIN without a will [MQTT-3.1.2-11].');
  }
  if (version === 4 && flags & ConnectFlag.Password && !(flags & ConnectFlag.Username)) {
    throw malformed('There is a password without a user name, which 3.1.1 does not allow [MQTT-3.1.2-22].');
  }
  return flags;
}

function readWill(reader: ByteReader, flags: number, version: ProtocolVersion): Will {
  const properties = version === 5 ? readMessageProperties(reader, 'will') : undefined;
  const topic = requireTopicName(reader.string('will topic'), 'will topic', ReasonCode.TopicNameInvalid);
  const payload = reader.binary('will payload');
  return {
    topic,
    body: properties === undefined ? PublishBody.of(payload) : properties.bodyWith(reader, payload),
    qos: willQos(flags) as Qos,
    retain: (flags & ConnectFlag.WillRetain) !== 0,
    delayInterval: properties?.willDelayInterval,
  };
}

function willQos(flags: number): number {
  return (flags >> willQosShift) & 0x03;
}
