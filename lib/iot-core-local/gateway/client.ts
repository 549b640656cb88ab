import type { Connection } from '../broker/connection';
import type { LastWill } from '../broker/last-will';
import type { Session } from '../broker/session';
import { checkTopicName } from '../broker/topic-filter';
import { quote } from '../mqtt/decode-error';
import { encodeConnack, encodePingresp, encodePuback, encodeSuback, encodeUnsuback } from '../mqtt/encode';
import {
  type ConnectPacket,
  type DisconnectPacket,
  type PublishPacket,
  ReasonCode,
  type SubscribePacket,
  type UnsubscribePacket,
  type Will,
} from '../mqtt/packets';
import { Payload } from '../mqtt/payload';
import { quotas } from '../quotas';
import type { Principal } from '../registry/authorizer';
import type { IotAction } from '../registry/policy-actions';
import { ClientFault, checkTopic } from './client-fault';
import { clientMessage } from './client-message';
import type { GrantedConnect } from './connect-request';
import type { GatewayContext } from './gateway-context';
import type { Outbox } from './outbox';
import { type Permission, Permissions } from './permissions';
import { RateQuotas } from './rate-quotas';
import { grantSubscribe } from './subscribe-request';
import { TopicAliases } from './topic-aliases';

/** The number of reserved topics that the log names for one connection. */
const mostNamedTopics = 20;

/** The client's identity before its CONNECT. */
type Peer = Pick<Principal, 'certificateArn' | 'sourceIp' | 'domainName'>;

/**
 * A client whose CONNECT was granted. It checks the client's packets against AWS's rules and the client's policies, has the broker do what
 * they ask for, and answers them.
 *
 * Its methods throw a {@link ClientFault} for a packet that ends the connection.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html
 */
export class Client {
  readonly session: Session;
  /** iot:Receive. */
  readonly receiving: Permission;
  readonly rates: RateQuotas;

  private readonly permissions: Permissions;
  private readonly publishing: Permission;
  private readonly version: ConnectPacket['version'];
  private readonly maximumPacketSize: number;
  private readonly clientId: string;
  private readonly topicAliases = new TopicAliases();
  /** The reserved topics of AWS's services that the log has named. */
  private readonly namedTopics = new Set<string>();
  private readonly isPresent: boolean;
  /** The last topic that was valid: most clients publish to one topic. */
  private checkedTopic?: string;

  /** @throws ClientFault if no policy lets it connect */
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
    this.publishing = this.permissions.of('iot:Publish');
    this.receiving = this.permissions.of('iot:Receive');
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

  /** Answers CONNECT, and sends what waits in the client's session. */
  start(): void {
    const { version, isPresent } = this;
    const connack = { type: 'connack', sessionPresent: isPresent, reasonCode: ReasonCode.Success } as const;
    this.outbox.append(encodeConnack({ ...connack, ...this.granted.properties }, version));
    const session = isPresent ? ', and its session is resumed' : '';
    this.info(`connected with MQTT ${version === 4 ? '3.1.1' : '5'}${session}`);
    this.session.resume();
  }

  /**
   * @param receivedAt - milliseconds that never go back
   * @returns a full receiver, for which the client has to wait before its next packet is read
   */
  publish(packet: PublishPacket, receivedAt: number): Session | undefined {
    const topic = this.topicAliases.topicOf(packet);
    this.checkPublish(packet, topic);
    // AWS does not acknowledge what it discards, so that its sender sends it again.
    if (!this.rates.admits()) return undefined;
    const { qos, packetId, retain } = packet;
    if (!this.mayPublish(topic, retain)) {
      if (this.version === 4) {
        throw new ClientFault(ReasonCode.NotAuthorized, 'it published to a topic that it may not publish to');
      }
      const refusal = { type: 'puback', packetId, reasonCode: ReasonCode.NotAuthorized } as const;
      if (qos === 1) this.outbox.append(encodePuback(refusal, this.version));
      return undefined;
    }
    const full = this.context.broker.publish(clientMessage(topic, packet, this.clientId, receivedAt));
    if (qos === 1) this.outbox.appendPuback(packetId);
    return full;
  }

  subscribe(packet: SubscribePacket): void {
    const { packetId } = packet;
    const granted = grantSubscribe(packet, {
      version: this.version,
      held: this.session.subscriptions.keys(),
      maySubscribe: (filterText) => this.may('iot:Subscribe', filterText),
    });
    const reasonCodes = granted.map((answer) => (typeof answer === 'number' ? answer : answer.request.qos));
    const subscribed = granted.flatMap((answer) => {
      if (typeof answer === 'number') return [];
      const { topicFilter, request } = answer;
      const isNew = this.context.broker.subscribe(this.session, topicFilter, request);
      this.info(`subscribed to ${quote(topicFilter.text)} at QoS ${request.qos}`);
      const { text, service } = topicFilter;
      if (service !== undefined) this.nameReserved('subscribed', text, service);
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
    // UNSUBACK grows with its request. It may neither be sent if it is larger than the client takes [MQTT-3.1.2-24] nor be left out.
    if (answer.length > this.maximumPacketSize) {
      const explanation = `it takes ${this.maximumPacketSize} bytes in a packet, and its UNSUBACK has ${answer.length}`;
      throw new ClientFault(ReasonCode.PacketTooLarge, explanation);
    }
    this.outbox.append(answer);
  }

  ping(): void {
    this.outbox.append(encodePingresp());
  }

  /** A client may change its session expiry interval on leaving, but not if it was 0 [MQTT 5, 3.14.2.2.2]. */
  checkDisconnect({ sessionExpiryInterval }: DisconnectPacket): void {
    if (sessionExpiryInterval === undefined) return;
    if (sessionExpiryInterval > 0 && !this.session.isPersistent) {
      throw new ClientFault(
        ReasonCode.ProtocolError,
        'its DISCONNECT set a session expiry interval, which was 0 before',
      );
    }
    this.session.expiryInterval = Math.min(sessionExpiryInterval, quotas.sessionExpiry) * 1000;
  }

  private checkPublish({ qos, payload }: PublishPacket, topic: string): void {
    if (qos === 2) throw new ClientFault(ReasonCode.QosNotSupported, 'it published at QoS 2');
    if (payload.length > quotas.payload) {
      throw new ClientFault(ReasonCode.PacketTooLarge, `it published more than ${quotas.payload} bytes`);
    }
    if (topic === this.checkedTopic) return;
    const service = checkTopic(ReasonCode.TopicNameInvalid, () => checkTopicName(topic));
    if (service !== undefined) this.nameReserved('published', topic, service);
    this.checkedTopic = topic;
  }

  private mayPublish(topic: string, retain: boolean): boolean {
    return this.publishing.allows(topic) && (!retain || this.may('iot:RetainPublish', topic));
  }

  private may(action: IotAction, name: string): boolean {
    return this.permissions.allow(action, name);
  }

  private lastWill({ topic, payload, qos, retain, delayInterval = 0, properties }: Will): LastWill {
    return {
      delay: delayInterval * 1000,
      send: () => {
        if (!this.mayPublish(topic, retain)) return;
        const fields = { payload: Payload.of(payload), qos, retain, properties };
        this.context.broker.publish(clientMessage(topic, fields, this.clientId, this.context.clocks.monotonic()));
      },
    };
  }

  /** Logs, once for each topic, that a reserved topic does nothing here. The number of topics is limited, as clients choose them. */
  private nameReserved(did: 'published' | 'subscribed', topic: string, service: string): void {
    const event = `${did} to ${quote(topic)}, which on AWS belongs to ${service}; IoT Core Local has no such service`;
    if (this.namedTopics.has(event) || this.namedTopics.size >= mostNamedTopics) return;
    this.namedTopics.add(event);
    this.warn(event);
  }

  /** Names the thing of the client's certificate, if the client id is another. */
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
