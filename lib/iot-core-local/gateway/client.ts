import type { Connection } from '../broker/connection';
import type { LastWill } from '../broker/last-will';
import type { Session } from '../broker/session';
import { checkTopicName } from '../broker/topic-filter';
import { quote } from '../mqtt/decode-error';
import {
  encodeConnack,
  encodeDisconnect,
  encodePingresp,
  encodePuback,
  encodeSuback,
  encodeUnsuback,
} from '../mqtt/encode';
import {
  type ClientPacket,
  type ConnectPacket,
  type DisconnectPacket,
  type ProtocolVersion,
  type PublishPacket,
  ReasonCode,
  type SubscribePacket,
  type UnsubscribePacket,
  type Will,
} from '../mqtt/packets';
import type { PublishBody } from '../mqtt/publish-body';
import type { PublishHead } from '../mqtt/publish-head';
import { quotas } from '../quotas';
import type { Principal } from '../registry/authorizer';
import { CheckedTopics } from './checked-topics';
import { ClientFault, checkTopic } from './client-fault';
import type { ClientLog } from './client-log';
import { clientMessage } from './client-message';
import { connectAttributes, type GrantedConnect } from './connect-request';
import type { GatewayContext } from './gateway-context';
import type { NetworkConnection } from './network-connection';
import type { Outbox } from './outbox';
import { type Permission, Permissions } from './permissions';
import { RateQuotas } from './rate-quotas';
import { grantSubscribe } from './subscribe-request';
import { TopicAliases } from './topic-aliases';

/** The number of bytes that wait for a client from which on its messages have to wait. */
const congestion = 1_048_576;

/** The client's identity before its CONNECT. */
type Peer = Pick<Principal, 'certificateArn' | 'sourceIp' | 'domainName'>;

/**
 * A client whose CONNECT was granted. It checks the client's packets against AWS's rules and the client's policies, has the broker do what
 * they ask for, and answers them. To the broker it is the connection of the client's session.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html
 */
export class Client implements Connection {
  readonly session: Session;
  readonly rates: RateQuotas;
  readonly receiveMaximum: number;
  readonly maximumPacketSize: number;
  /** Whether {@link flow} is due: an acknowledgement has made room for a message that waits. */
  isFlowDue = false;

  private readonly permissions: Permissions;
  private readonly publishing: Permission;
  private readonly receiving: Permission;
  private readonly version: ProtocolVersion;
  private readonly clientId: string;
  private readonly isPresent: boolean;
  /** Most clients set none, and have none. */
  private topicAliases?: TopicAliases;
  private readonly checkedTopics = new CheckedTopics();

  /** @throws ClientFault if no policy lets it connect */
  constructor(
    packet: ConnectPacket,
    granted: GrantedConnect,
    peer: Peer,
    private readonly connection: NetworkConnection,
    private readonly outbox: Outbox,
    private readonly log: ClientLog,
    private readonly context: GatewayContext,
  ) {
    this.version = packet.version;
    this.maximumPacketSize = packet.maximumPacketSize ?? Number.POSITIVE_INFINITY;
    this.receiveMaximum = Math.min(packet.receiveMaximum ?? quotas.unacknowledged, quotas.unacknowledged);
    this.clientId = granted.clientId;
    const principal = {
      ...peer,
      clientId: this.clientId,
      connectAttributes: connectAttributes(packet),
      lastWillTopic: packet.will?.topic,
    };
    this.permissions = new Permissions(context.authorizer, context.registry, principal, log);
    this.publishing = this.permissions.of('iot:Publish');
    this.receiving = this.permissions.of('iot:Receive');
    this.rates = new RateQuotas(context.isStrict, context.clocks.monotonic());
    if (!this.permissions.allow('iot:Connect', this.clientId)) {
      throw new ClientFault(ReasonCode.NotAuthorized, 'it may not connect under this client id');
    }
    // The policies decide when the will is sent. A person who tests them is told now.
    if (packet.will && !this.mayPublish(packet.will.topic, packet.will.retain)) {
      this.log.warn(`may not publish its will to ${quote(packet.will.topic)}, so the will would be dropped`);
    }
    const { session, isPresent } = context.broker.connect(
      {
        clientId: this.clientId,
        version: this.version,
        clean: packet.clean,
        expiryInterval: granted.sessionExpiryInterval,
        will: packet.will && this.lastWill(packet.will),
      },
      this,
    );
    this.session = session;
    this.isPresent = isPresent;
  }

  /** Answers CONNECT, and sends what waits in the client's session. */
  start({ properties }: GrantedConnect): void {
    const { version, isPresent } = this;
    const connack = { type: 'connack', sessionPresent: isPresent, reasonCode: ReasonCode.Success } as const;
    this.outbox.append(encodeConnack({ ...connack, ...properties }, version));
    const session = isPresent ? ', and its session is resumed' : '';
    this.log.info(`connected with MQTT ${version === 4 ? '3.1.1' : '5'}${session}`);
    this.session.resume();
  }

  /**
   * Does what a packet asks for, and answers it.
   *
   * @param receivedAt - milliseconds that never go back
   * @throws ClientFault for a packet that ends the connection
   */
  handle(packet: Exclude<ClientPacket, ConnectPacket>, receivedAt: number): void {
    switch (packet.type) {
      case 'publish':
        this.publish(packet, receivedAt);
        break;
      case 'puback':
        this.acknowledge(packet.packetId);
        break;
      case 'subscribe':
        this.subscribe(packet);
        break;
      case 'unsubscribe':
        this.unsubscribe(packet);
        break;
      case 'pingreq':
        this.outbox.append(encodePingresp());
        break;
      case 'disconnect':
        this.disconnect(packet);
    }
  }

  /** Handles a PUBACK for success. */
  acknowledge(packetId: number): void {
    if (this.session.acknowledge(packetId)) this.isFlowDue = true;
  }

  /** Sends the messages that wait, as far as there is room. */
  flow(): void {
    this.isFlowDue = false;
    this.session.flow();
  }

  get isCongested(): boolean {
    return this.outbox.waiting > congestion;
  }

  get waitsFor(): Session | undefined {
    return this.connection.waitsFor;
  }

  /** The resource of iot:Receive is the message's own topic, also in a group, as AWS's pages say. */
  mayReceive(topic: string): boolean {
    return this.receiving.allows(topic);
  }

  admits(): boolean {
    return this.rates.admits();
  }

  send(head: PublishHead, body: PublishBody, packetId: number): void {
    this.outbox.appendPublish(head, body, packetId);
  }

  close(reasonCode: number, explanation: string): void {
    this.connection.close(reasonCode, explanation);
  }

  /** Tells an MQTT 5 client why its connection ends. */
  sayWhy(reasonCode: number): void {
    if (this.version === 5) this.outbox.append(encodeDisconnect({ type: 'disconnect', reasonCode }));
  }

  private publish(packet: PublishPacket, receivedAt: number): void {
    const topic = this.topicOf(packet);
    const service = this.checkPublish(packet, topic);
    // AWS does not acknowledge what it discards, so that its sender sends it again.
    if (!this.rates.admits()) return;
    const { qos, packetId, retain } = packet;
    if (!this.mayPublish(topic, retain)) {
      if (this.version === 4) {
        throw new ClientFault(ReasonCode.NotAuthorized, 'it published to a topic that it may not publish to');
      }
      const refusal = { type: 'puback', packetId, reasonCode: ReasonCode.NotAuthorized } as const;
      if (qos === 1) this.outbox.append(encodePuback(refusal, this.version));
      return;
    }
    if (service !== undefined) this.log.warnOfReserved('published', topic, service);
    const full = this.context.broker.publish(clientMessage(topic, packet, this.clientId, receivedAt), this.session);
    if (qos === 1) this.outbox.appendPuback(packetId);
    if (full) this.connection.waitFor(full);
  }

  private topicOf(packet: PublishPacket): string {
    if (packet.topicAlias === undefined) return packet.topic;
    this.topicAliases ??= new TopicAliases();
    return this.topicAliases.topicOf(packet.topicAlias, packet.topic);
  }

  private subscribe(packet: SubscribePacket): void {
    const { packetId } = packet;
    const granted = grantSubscribe(packet, {
      version: this.version,
      held: this.session.subscriptions.keys(),
      maySubscribe: (filterText) => this.permissions.allow('iot:Subscribe', filterText),
    });
    const reasonCodes = granted.map((answer) => (typeof answer === 'number' ? answer : answer.request.qos));
    const subscribed = granted.flatMap((answer) => {
      if (typeof answer === 'number') return [];
      const { topicFilter, request } = answer;
      const isNew = this.context.broker.subscribe(this.session, topicFilter, request);
      this.log.info(`subscribed to ${quote(topicFilter.text)} at QoS ${request.qos}`);
      const { text, service } = topicFilter;
      if (service !== undefined) this.log.warnOfReserved('subscribed', text, service);
      return request.retainHandling === 0 || (request.retainHandling === 1 && isNew) ? [topicFilter] : [];
    });
    this.outbox.append(encodeSuback({ type: 'suback', packetId, reasonCodes }, this.version));
    for (const { text } of subscribed) this.context.broker.sendRetained(this.session.subscriptions.get(text)!);
  }

  private unsubscribe({ packetId, topicFilters }: UnsubscribePacket): void {
    const reasonCodes = topicFilters.map((topicFilter) => {
      const isGone = this.context.broker.unsubscribe(this.session, topicFilter);
      if (isGone) this.log.info(`unsubscribed from ${quote(topicFilter)}`);
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

  private disconnect({ reasonCode, sessionExpiryInterval }: DisconnectPacket): void {
    // A client may change it on leaving. The decoder refuses the change of one that was 0.
    if (sessionExpiryInterval !== undefined) {
      this.session.expiryInterval = Math.min(sessionExpiryInterval, quotas.sessionExpiry) * 1000;
    }
    this.log.info('disconnected');
    // Only a normal disconnection deletes the will [MQTT-3.1.2-8].
    this.connection.end({ withWill: reasonCode !== ReasonCode.Success });
  }

  /** @returns the service of AWS that a reserved topic belongs to */
  private checkPublish({ qos, body, retain }: PublishPacket, topic: string): string | undefined {
    if (qos === 2) throw new ClientFault(ReasonCode.QosNotSupported, 'it published at QoS 2');
    if (body.payloadLength > quotas.payload) {
      throw new ClientFault(ReasonCode.PacketTooLarge, `it published more than ${quotas.payload} bytes`);
    }
    if (this.checkedTopics.has(topic)) return undefined;
    const service = checkTopic(ReasonCode.TopicNameInvalid, () => checkTopicName(topic, retain));
    // A reserved topic is checked each time, because RETAIN decides about it too.
    if (service === undefined) this.checkedTopics.add(topic);
    return service;
  }

  private mayPublish(topic: string, retain: boolean): boolean {
    return this.publishing.allows(topic) && (!retain || this.permissions.allow('iot:RetainPublish', topic));
  }

  private lastWill({ topic, body, qos, retain, delayInterval = 0 }: Will): LastWill {
    return {
      delay: delayInterval * 1000,
      send: () => {
        if (!this.mayPublish(topic, retain)) {
          this.log.warn(`may not publish its will to ${quote(topic)}, so the will is dropped`);
          return;
        }
        this.context.broker.publish(
          clientMessage(topic, { body, qos, retain }, this.clientId, this.context.clocks.monotonic()),
        );
      },
    };
  }
}
