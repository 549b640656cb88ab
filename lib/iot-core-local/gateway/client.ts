import type { Connection } from '../broker/connection';
import type { LastWill } from '../broker/last-will';
import { Message } from '../broker/message';
import type { Session } from '../broker/session';
import { checkTopicName, InvalidTopicError, parseTopicFilter, type TopicFilter } from '../broker/topic-filter';
import { quote } from '../mqtt/decode-error';
import { encodeConnack, encodePingresp, encodePuback, encodeSuback, encodeUnsuback } from '../mqtt/encode';
import {
  type ConnectPacket,
  type DisconnectPacket,
  type MessageProperties,
  type PublishPacket,
  ReasonCode,
  type SubscribePacket,
  type SubscriptionRequest,
  type UnsubscribePacket,
  type Will,
} from '../mqtt/packets';

import { quotas } from '../quotas';
import type { Principal } from '../registry/authorizer';
import type { IotAction } from '../registry/policy-actions';

import type { GrantedConnect } from './connect-request';
import { ClientFault, type GatewayContext } from './gateway-context';
import type { Outbox } from './outbox';
import { Permissions } from './permissions';
import { RateQuotas } from './rate-quotas';

/** What is known of a client before its CONNECT. */
type Peer = Pick<Principal, 'certificateArn' | 'sourceIp' | 'domainName'>;

/**
 * A client whose CONNECT was granted: what it asks for, checked against AWS's rules and its policies, done by the broker and answered.
 *
 * Its methods throw a {@link ClientFault} for what ends the connection.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html
 */
export class Client {
  readonly session: Session;
  readonly permissions: Permissions;
  readonly rates: RateQuotas;

  private readonly version: ConnectPacket['version'];
  private readonly maximumPacketSize: number;
  private readonly clientId: string;
  private readonly topicAliases = new Map<number, string>();
  private readonly isPresent: boolean;
  /** The last topic that was found valid: most clients publish to one only. */
  private checkedTopic?: string;

  /** @throws ClientError where no policy lets it connect */
  constructor(
    packet: ConnectPacket,
    private readonly granted: GrantedConnect,
    peer: Peer,
    connection: Connection,
    private readonly outbox: Outbox,
    private readonly context: GatewayContext,
  ) {
    this.version = packet.version;
    this.maximumPacketSize = packet.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    this.clientId = granted.clientId;
    const principal = {
      ...peer,
      clientId: this.clientId,
      connectAttributes: connectAttributes(packet),
      lastWillTopic: packet.will?.topic,
    };
    this.permissions = new Permissions(context.authorizer, context.registry, principal, (action, name, { reason }) =>
      this.warn(`${this.borrowed(peer.certificateArn)}was denied ${action} on ${quote(name)}: ${reason}`),
    );
    this.rates = new RateQuotas(context.isStrict, context.clocks.monotonic());
    if (!this.permissions.allow('iot:Connect', this.clientId)) {
      throw new ClientFault(ReasonCode.NotAuthorized, 'it may not connect under this client id');
    }
    const { session, isPresent } = context.broker.connect(
      {
        clientId: this.clientId,
        version: this.version,
        clean: packet.clean,
        expiryInterval: granted.sessionExpiryInterval,
        will: packet.will && this.lastWill(packet.will),
      },
      connection,
    );
    this.session = session;
    this.isPresent = isPresent;
  }

  /** Answers CONNECT, and goes on where the client's session had stopped. */
  start(): void {
    const { version, isPresent } = this;
    const connack = { type: 'connack', sessionPresent: isPresent, reasonCode: ReasonCode.Success } as const;
    this.outbox.append(encodeConnack({ ...connack, ...this.granted.properties }, version));
    const session = isPresent ? ', and has its session back' : '';
    this.info(`connected with MQTT ${version === 4 ? '3.1.1' : '5'}${session}`);
    this.session.resume();
  }

  /** @returns a receiver that is full, for whom the client has to wait before it is heard again */
  publish(packet: PublishPacket): Session | undefined {
    const topic = this.topicOf(packet);
    this.checkPublish(packet, topic);
    // AWS acknowledges nothing that it discards: its sender is to send it again.
    if (!this.rates.admits()) return undefined;
    const { qos, packetId, retain } = packet;
    if (!this.mayPublish(topic, retain)) {
      if (this.version === 4) throw new ClientFault(ReasonCode.NotAuthorized, 'it published what it may not');
      const refusal = { type: 'puback', packetId, reasonCode: ReasonCode.NotAuthorized } as const;
      if (qos === 1) this.outbox.append(encodePuback(refusal, this.version));
      return undefined;
    }
    const full = this.context.broker.publish(this.message(topic, packet));
    if (qos === 1) this.outbox.appendPuback(packetId);
    return full;
  }

  subscribe({ packetId, subscriptions, subscriptionIdentifier }: SubscribePacket): void {
    if (subscriptionIdentifier !== undefined) {
      throw new ClientFault(ReasonCode.SubscriptionIdentifiersNotSupported, 'it sent a subscription identifier');
    }
    if (subscriptions.length > quotas.filtersPerSubscribe) {
      const explanation = `it sent ${subscriptions.length} topic filters in one SUBSCRIBE, and AWS takes ${quotas.filtersPerSubscribe}`;
      throw new ClientFault(ReasonCode.QuotaExceeded, explanation);
    }
    const held = new Set(this.session.subscriptions.keys());
    const granted = subscriptions.map((request) => this.grant(request, held));
    const reasonCodes = granted.map((answer) => (typeof answer === 'number' ? answer : answer.request.qos));
    const subscribed = granted.flatMap((answer) => {
      if (typeof answer === 'number') return [];
      const { topicFilter, request } = answer;
      const isNew = this.context.broker.subscribe(this.session, topicFilter, request);
      this.info(`subscribed to ${quote(topicFilter.text)} at QoS ${request.qos}`);
      return request.retainHandling === 0 || (request.retainHandling === 1 && isNew) ? [topicFilter] : [];
    });
    this.outbox.append(encodeSuback({ type: 'suback', packetId, reasonCodes }, this.version));
    for (const { text } of subscribed) this.context.broker.sendRetained(this.session.subscriptions.get(text)!);
  }

  unsubscribe({ packetId, topicFilters }: UnsubscribePacket): void {
    const reasonCodes = topicFilters.map((topicFilter) => {
      const isGone = this.context.broker.unsubscribe(this.session, topicFilter);
      if (isGone) this.info(`unsubscribed from ${quote(topicFilter)}`);
      return isGone ? ReasonCode.Success : ReasonCode.NoSubscriptionExisted;
    });
    const answer = encodeUnsuback({ type: 'unsuback', packetId, reasonCodes }, this.version);
    // The one answer that grows with what was asked. It can neither be sent to who does not take it [MQTT-3.1.2-24] nor left out.
    if (answer.length > this.maximumPacketSize) {
      const explanation = `it takes ${this.maximumPacketSize} bytes in a packet, and its UNSUBACK has ${answer.length}`;
      throw new ClientFault(ReasonCode.PacketTooLarge, explanation);
    }
    this.outbox.append(answer);
  }

  ping(): void {
    this.outbox.append(encodePingresp());
  }

  /** A client may change its mind on how long its session is kept, but not after it has asked for none [MQTT 5, 3.14.2.2.2]. */
  checkDisconnect({ sessionExpiryInterval }: DisconnectPacket): void {
    if (sessionExpiryInterval === undefined) return;
    if (sessionExpiryInterval > 0 && !this.session.isPersistent) {
      throw new ClientFault(ReasonCode.ProtocolError, 'it asked on leaving for a session that it had not asked for');
    }
    this.session.expiryInterval = Math.min(sessionExpiryInterval, quotas.sessionExpiry) * 1000;
  }

  /** The topic that a PUBLISH names, be it by an alias that stands for it on this connection. */
  private topicOf({ topic, topicAlias }: PublishPacket): string {
    if (topicAlias === undefined) return topic;
    if (topicAlias > quotas.topicAliases) {
      throw new ClientFault(
        ReasonCode.TopicAliasInvalid,
        `its topic alias ${topicAlias} is above ${quotas.topicAliases}`,
      );
    }
    if (topic !== '') {
      this.topicAliases.set(topicAlias, topic);
      return topic;
    }
    const known = this.topicAliases.get(topicAlias);
    if (known === undefined) {
      throw new ClientFault(ReasonCode.ProtocolError, `its topic alias ${topicAlias} stands for no topic yet`);
    }
    return known;
  }

  private checkPublish({ qos, payload }: PublishPacket, topic: string): void {
    if (qos === 2) throw new ClientFault(ReasonCode.QosNotSupported, 'it published at QoS 2');
    if (payload.length > quotas.payload) {
      throw new ClientFault(ReasonCode.PacketTooLarge, `it published more than ${quotas.payload} bytes`);
    }
    if (topic.startsWith('$share/')) {
      throw new ClientFault(
        ReasonCode.TopicNameInvalid,
        'it published to a "$share/…" topic, which is for subscribing',
      );
    }
    if (topic === this.checkedTopic) return;
    invalidTopicIs(ReasonCode.TopicNameInvalid, () => checkTopicName(topic));
    this.checkedTopic = topic;
  }

  private mayPublish(topic: string, retain: boolean): boolean {
    return this.may('iot:Publish', topic) && (!retain || this.may('iot:RetainPublish', topic));
  }

  private may(action: IotAction, name: string): boolean {
    return this.permissions.allow(action, name);
  }

  /**
   * What can be subscribed to, or the reason code that says why not; a 3.1.1 client is not told but disconnected, as AWS does.
   *
   * @param held - the filters that the client has, to which what is granted is added
   */
  private grant(
    request: SubscriptionRequest,
    held: Set<string>,
  ): { topicFilter: TopicFilter; request: SubscriptionRequest } | number {
    if (request.qos === 2) throw new ClientFault(ReasonCode.QosNotSupported, 'it asked for QoS 2');
    const topicFilter = invalidTopicIs(ReasonCode.TopicFilterInvalid, () => parseTopicFilter(request.topicFilter));
    if (topicFilter.shareName !== undefined && request.noLocal) {
      throw new ClientFault(ReasonCode.ProtocolError, 'it asked for No Local on a shared subscription [MQTT-3.8.3-4]');
    }
    if (!held.has(topicFilter.text) && held.size >= quotas.subscriptionsPerConnection) {
      return this.deny(ReasonCode.QuotaExceeded, `it has ${quotas.subscriptionsPerConnection} subscriptions already`);
    }
    if (!this.may('iot:Subscribe', topicFilter.text)) {
      return this.deny(ReasonCode.NotAuthorized, 'it subscribed to what it may not');
    }
    held.add(topicFilter.text);
    return { topicFilter, request };
  }

  private deny(reasonCode: number, explanation: string): number {
    if (this.version === 4) throw new ClientFault(reasonCode, explanation);
    return reasonCode;
  }

  private lastWill({ topic, payload, qos, retain, delayInterval = 0, properties }: Will): LastWill {
    return {
      delay: delayInterval * 1000,
      send: () => {
        if (!this.mayPublish(topic, retain)) return;
        this.context.broker.publish(this.message(topic, { payload, qos, retain, properties }));
      },
    };
  }

  private message(topic: string, packet: Pick<PublishPacket, 'payload' | 'qos' | 'retain' | 'properties'>): Message {
    const { payload, qos, retain, properties } = packet;
    const isKept = qos > 0 || retain;
    return new Message(
      topic,
      // What was received is a view of a whole chunk of the network's, which a kept message must not hold on to.
      isKept ? Buffer.from(payload) : payload,
      qos === 0 ? 0 : 1,
      retain,
      this.clientId,
      this.context.clocks.monotonic(),
      properties && withinExpiryQuota(properties),
    );
  }

  /** Whose certificate the client has, where it does not go by that name. */
  private borrowed(certificateArn: string): string {
    const things = this.context.registry.listPrincipalThings(certificateArn).map(({ thingName }) => thingName);
    if (things.includes(this.clientId)) return '';
    return `with the certificate of ${things.length === 0 ? 'no thing' : things.join(', ')} `;
  }

  private info(event: string): void {
    this.context.log({ level: 'info', message: `${quote(this.clientId)} ${event}.` });
  }

  private warn(event: string): void {
    this.context.log({ level: 'warn', message: `${quote(this.clientId)} ${event}.` });
  }
}

/** https://docs.aws.amazon.com/iot/latest/developerguide/connect-policy.html */
function connectAttributes({ version, clean, sessionExpiryInterval = 0, will }: ConnectPacket) {
  const isPersistent = version === 4 ? !clean : !clean || sessionExpiryInterval > 0;
  return [...(isPersistent ? (['PersistentConnect'] as const) : []), ...(will ? (['LastWill'] as const) : [])];
}

function withinExpiryQuota(properties: MessageProperties): MessageProperties {
  const { messageExpiryInterval } = properties;
  if (messageExpiryInterval === undefined) return properties;
  const { shortest, longest } = quotas.messageExpiry;
  return { ...properties, messageExpiryInterval: Math.min(Math.max(messageExpiryInterval, shortest), longest) };
}

function invalidTopicIs<T>(reasonCode: number, check: () => T): T {
  try {
    return check();
  } catch (error) {
    if (error instanceof InvalidTopicError) throw new ClientFault(reasonCode, error.message);
    throw error;
  }
}
