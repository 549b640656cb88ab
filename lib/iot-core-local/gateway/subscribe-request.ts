import { parseTopicFilter, type TopicFilter } from '../broker/topic-filter';
import { type ProtocolVersion, ReasonCode, type SubscribePacket, type SubscriptionRequest } from '../mqtt/packets';
import { quotas } from '../quotas';
import { ClientFault, checkTopic } from './client-fault';

/** A subscription that a client asked for and may have. */
export interface GrantedSubscription {
  readonly topicFilter: TopicFilter;
  readonly request: SubscriptionRequest;
}

/** The client that sent a SUBSCRIBE. */
export interface SubscribingClient {
  readonly version: ProtocolVersion;
  /** The topic filters that it has subscribed to. */
  readonly held: Iterable<string>;
  /** Whether its policies allow iot:Subscribe on a topic filter. */
  readonly maySubscribe: (filterText: string) => boolean;
}

/**
 * Checks a client's SUBSCRIBE against AWS's rules and the client's rights.
 *
 * @returns for each subscription that it asks for: the subscription, or the reason code of its refusal
 * @throws ClientFault for what ends the connection. A 3.1.1 client is disconnected for a refusal, as AWS does
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html
 */
export function grantSubscribe(packet: SubscribePacket, client: SubscribingClient): (GrantedSubscription | number)[] {
  const { subscriptions, subscriptionIdentifier } = packet;
  if (subscriptionIdentifier !== undefined) {
    throw new ClientFault(ReasonCode.SubscriptionIdentifiersNotSupported, 'it sent a subscription identifier');
  }
  if (subscriptions.length > quotas.filtersPerSubscribe) {
    const explanation = `it sent ${subscriptions.length} topic filters in one SUBSCRIBE, and AWS takes ${quotas.filtersPerSubscribe}`;
    throw new ClientFault(ReasonCode.QuotaExceeded, explanation);
  }
  // The subscriptions that are granted count for those behind them in the packet.
  const held = new Set(client.held);
  return subscriptions.map((request) => {
    const topicFilter = topicFilterOf(request);
    const refusal = refusalOf(topicFilter, held, client);
    if (refusal && client.version === 4) throw refusal;
    if (refusal) return refusal.reasonCode;
    held.add(topicFilter.text);
    return { topicFilter, request };
  });
}

/** @throws ClientFault for a subscription that breaks a rule, whoever asks for it */
function topicFilterOf({ topicFilter: text, qos, noLocal }: SubscriptionRequest): TopicFilter {
  if (qos === 2) throw new ClientFault(ReasonCode.QosNotSupported, 'it asked for QoS 2');
  const topicFilter = checkTopic(ReasonCode.TopicFilterInvalid, () => parseTopicFilter(text));
  if (topicFilter.shareName !== undefined && noLocal) {
    throw new ClientFault(ReasonCode.ProtocolError, 'it asked for No Local on a shared subscription [MQTT-3.8.3-4]');
  }
  return topicFilter;
}

function refusalOf(
  { text }: TopicFilter,
  held: ReadonlySet<string>,
  { maySubscribe }: SubscribingClient,
): ClientFault | undefined {
  const { subscriptionsPerConnection: most } = quotas;
  if (!held.has(text) && held.size >= most) {
    return new ClientFault(ReasonCode.QuotaExceeded, `it has ${most} subscriptions already`);
  }
  if (!maySubscribe(text)) {
    return new ClientFault(ReasonCode.NotAuthorized, 'it subscribed to a topic filter that it may not subscribe to');
  }
  return undefined;
}
