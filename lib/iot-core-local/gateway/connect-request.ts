import { randomUUID } from 'node:crypto';
import { checkTopicName } from '../broker/topic-filter';
import { encodeConnack } from '../mqtt/encode';
import { type ConnackPacket, type ConnectPacket, ReasonCode } from '../mqtt/packets';
import { quotas } from '../quotas';
import { ClientFault, checkTopic } from './client-fault';

/** A client's CONNECT, brought within AWS IoT Core's quotas. */
export interface GrantedConnect {
  readonly clientId: string;
  /** Seconds. */
  readonly keepAlive: number;
  /** Milliseconds that the session outlives its connection. */
  readonly sessionExpiryInterval: number;
  /** The properties of an MQTT 5 CONNACK. */
  readonly properties: Omit<ConnackPacket, 'type' | 'sessionPresent' | 'reasonCode'>;
}

/** The return code "identifier rejected" of MQTT 3.1.1. */
const identifierRejected = 0x02;

/**
 * Brings a client's CONNECT within AWS's quotas.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html
 * @throws ClientFault for what AWS does not take
 */
export function grantConnect(packet: ConnectPacket): GrantedConnect {
  if (packet.authenticationMethod !== undefined) {
    throw new ClientFault(ReasonCode.BadAuthenticationMethod, 'AWS IoT Core has no enhanced authentication');
  }
  // https://docs.aws.amazon.com/iot/latest/developerguide/custom-auth.html
  if (packet.username?.includes('x-amz-customauthorizer-')) {
    throw new ClientFault(ReasonCode.NotAuthorized, 'it asks for a custom authorizer, and IoT Core Local has none');
  }
  checkWill(packet);
  const assigned = packet.clientId === '' ? assignClientId(packet) : undefined;
  const clientId = assigned ?? packet.clientId;
  if (assigned === undefined && (Buffer.byteLength(clientId) > quotas.clientId || clientId.startsWith('$'))) {
    const rule = `a client id has at most ${quotas.clientId} bytes and does not begin with "$"`;
    throw new ClientFault(packet.version === 4 ? identifierRejected : ReasonCode.ClientIdentifierNotValid, rule);
  }
  const keepAlive = grantKeepAlive(packet.keepAlive);
  const sessionExpiryInterval = grantSessionExpiry(packet);
  const properties: GrantedConnect['properties'] = {
    assignedClientIdentifier: assigned,
    serverKeepAlive: keepAlive === packet.keepAlive ? undefined : keepAlive,
    sessionExpiryInterval:
      sessionExpiryInterval === (packet.sessionExpiryInterval ?? 0) ? undefined : sessionExpiryInterval,
    receiveMaximum: quotas.unacknowledged,
    maximumQos: 1,
    maximumPacketSize: quotas.packet,
    topicAliasMaximum: quotas.topicAliases,
    retainAvailable: true,
    wildcardSubscriptionAvailable: true,
    sharedSubscriptionAvailable: true,
    subscriptionIdentifiersAvailable: false,
  };
  checkConnackSize(packet, properties);
  return { clientId, keepAlive, sessionExpiryInterval: sessionExpiryInterval * 1000, properties };
}

/** A session that outlives its connection needs a client id that its client knows [MQTT-3.1.3-8 of 3.1.1]. */
function assignClientId({ version, clean }: ConnectPacket): string {
  if (version === 4 && !clean) {
    throw new ClientFault(identifierRejected, 'a persistent session needs a client id');
  }
  return `$GEN/${randomUUID()}`;
}

function grantKeepAlive(wanted: number): number {
  const { shortest, longest } = quotas.keepAlive;
  return wanted === 0 ? longest : Math.min(Math.max(wanted, shortest), longest);
}

function grantSessionExpiry({ version, clean, sessionExpiryInterval = 0 }: ConnectPacket): number {
  if (version === 4) return clean ? 0 : quotas.sessionExpiry;
  return Math.min(sessionExpiryInterval, quotas.sessionExpiry);
}

/** A client whose maximum packet size is below that of its CONNACK cannot be answered [MQTT-3.1.2-24]. */
function checkConnackSize(
  { version, maximumPacketSize }: ConnectPacket,
  properties: GrantedConnect['properties'],
): void {
  if (maximumPacketSize === undefined) return;
  const connack = { type: 'connack', sessionPresent: false, reasonCode: ReasonCode.Success, ...properties } as const;
  const { length } = encodeConnack(connack, version);
  if (length <= maximumPacketSize) return;
  throw new ClientFault(
    ReasonCode.PacketTooLarge,
    `its CONNACK has ${length} bytes, and it takes ${maximumPacketSize}`,
  );
}

function checkWill({ will }: ConnectPacket): void {
  if (!will) return;
  if (will.qos === 2) throw new ClientFault(ReasonCode.QosNotSupported, 'its will has QoS 2');
  if (will.body.payloadLength > quotas.payload) {
    throw new ClientFault(ReasonCode.PacketTooLarge, `its will has more than ${quotas.payload} bytes`);
  }
  const explain = (message: string) => `its will has no valid topic: ${message}`;
  checkTopic(ReasonCode.TopicNameInvalid, () => checkTopicName(will.topic, will.retain), explain);
}

/**
 * The values of the policy key `iot:ConnectAttributes`.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/connect-policy.html
 */
export function connectAttributes({ version, clean, sessionExpiryInterval = 0, will }: ConnectPacket) {
  const isPersistent = version === 4 ? !clean : !clean || sessionExpiryInterval > 0;
  return [...(isPersistent ? (['PersistentConnect'] as const) : []), ...(will ? (['LastWill'] as const) : [])];
}
