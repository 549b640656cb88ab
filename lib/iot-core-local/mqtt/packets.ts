/**
 * The MQTT control packets that pass between a client and a server of QoS 0 and 1, as values.
 *
 * The same types serve MQTT 3.1.1 and 5: a field that only 5 has is optional, and absent under 3.1.1.
 * Strings are well-formed UTF-8 without U+0000; intervals are seconds; sizes are bytes.
 */

import type { PublishBody } from './publish-body';

/** The protocol level in CONNECT: 4 is MQTT 3.1.1, 5 is MQTT 5. */
export type ProtocolVersion = 4 | 5;

/** The codec reads QoS 2; the gateway decides whether it is served. */
export type Qos = 0 | 1 | 2;

export type UserProperty = readonly [name: string, value: string];

export interface Will {
  readonly topic: string;
  readonly body: PublishBody;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly delayInterval?: number;
}

export interface ConnectPacket {
  readonly type: 'connect';
  readonly version: ProtocolVersion;
  readonly clientId: string;
  /** Clean Session under 3.1.1, Clean Start under 5. */
  readonly clean: boolean;
  readonly keepAlive: number;
  readonly will?: Will;
  readonly username?: string;
  readonly password?: Buffer;
  readonly sessionExpiryInterval?: number;
  readonly receiveMaximum?: number;
  readonly maximumPacketSize?: number;
  readonly topicAliasMaximum?: number;
  readonly requestResponseInformation?: boolean;
  readonly requestProblemInformation?: boolean;
  readonly authenticationMethod?: string;
  readonly authenticationData?: Buffer;
  readonly userProperties?: readonly UserProperty[];
}

export interface ConnackPacket {
  readonly type: 'connack';
  readonly sessionPresent: boolean;
  /** A Connect Reason Code under 5, a Connect Return code under 3.1.1. */
  readonly reasonCode: number;
  readonly sessionExpiryInterval?: number;
  readonly receiveMaximum?: number;
  readonly maximumQos?: 0 | 1;
  readonly retainAvailable?: boolean;
  readonly maximumPacketSize?: number;
  readonly assignedClientIdentifier?: string;
  readonly topicAliasMaximum?: number;
  readonly reasonString?: string;
  readonly wildcardSubscriptionAvailable?: boolean;
  readonly subscriptionIdentifiersAvailable?: boolean;
  readonly sharedSubscriptionAvailable?: boolean;
  readonly serverKeepAlive?: number;
}

/** As received: the topic is empty if only a topic alias names it. */
export interface PublishPacket {
  readonly type: 'publish';
  readonly topic: string;
  readonly body: PublishBody;
  readonly qos: Qos;
  readonly retain: boolean;
  readonly dup: boolean;
  /** 0 at QoS 0, which has none. */
  readonly packetId: number;
  readonly topicAlias?: number;
}

export interface PubackPacket {
  readonly type: 'puback';
  readonly packetId: number;
  readonly reasonCode: number;
  readonly reasonString?: string;
}

export interface SubscriptionRequest {
  readonly topicFilter: string;
  readonly qos: Qos;
  readonly noLocal: boolean;
  readonly retainAsPublished: boolean;
  readonly retainHandling: 0 | 1 | 2;
}

export interface SubscribePacket {
  readonly type: 'subscribe';
  readonly packetId: number;
  readonly subscriptions: readonly SubscriptionRequest[];
  readonly subscriptionIdentifier?: number;
}

export interface SubackPacket {
  readonly type: 'suback';
  readonly packetId: number;
  readonly reasonCodes: readonly number[];
  readonly reasonString?: string;
}

export interface UnsubscribePacket {
  readonly type: 'unsubscribe';
  readonly packetId: number;
  readonly topicFilters: readonly string[];
}

export interface UnsubackPacket {
  readonly type: 'unsuback';
  readonly packetId: number;
  /** One for each filter under 5; 3.1.1 sends none. */
  readonly reasonCodes: readonly number[];
}

interface PingreqPacket {
  readonly type: 'pingreq';
}

export interface DisconnectPacket {
  readonly type: 'disconnect';
  /** Always 0 from a 3.1.1 client; a 3.1.1 server cannot send the packet at all. */
  readonly reasonCode: number;
  readonly sessionExpiryInterval?: number;
  readonly reasonString?: string;
}

/** The packets that a server of QoS 0 and 1 reads. */
export type ClientPacket =
  | ConnectPacket
  | PublishPacket
  | PubackPacket
  | SubscribePacket
  | UnsubscribePacket
  | PingreqPacket
  | DisconnectPacket;

/** MQTT 5 reason codes in use here, by the names of table 2-6. */
export const ReasonCode = {
  Success: 0x00,
  GrantedQos1: 0x01,
  DisconnectWithWillMessage: 0x04,
  NoMatchingSubscribers: 0x10,
  NoSubscriptionExisted: 0x11,
  UnspecifiedError: 0x80,
  MalformedPacket: 0x81,
  ProtocolError: 0x82,
  ImplementationSpecificError: 0x83,
  UnsupportedProtocolVersion: 0x84,
  ClientIdentifierNotValid: 0x85,
  NotAuthorized: 0x87,
  ServerUnavailable: 0x88,
  ServerShuttingDown: 0x8b,
  BadAuthenticationMethod: 0x8c,
  KeepAliveTimeout: 0x8d,
  SessionTakenOver: 0x8e,
  TopicFilterInvalid: 0x8f,
  TopicNameInvalid: 0x90,
  PacketIdentifierInUse: 0x91,
  ReceiveMaximumExceeded: 0x93,
  TopicAliasInvalid: 0x94,
  PacketTooLarge: 0x95,
  QuotaExceeded: 0x97,
  AdministrativeAction: 0x98,
  PayloadFormatInvalid: 0x99,
  RetainNotSupported: 0x9a,
  QosNotSupported: 0x9b,
  SharedSubscriptionsNotSupported: 0x9e,
  ConnectionRateExceeded: 0x9f,
  SubscriptionIdentifiersNotSupported: 0xa1,
} as const;
