import { type PublishPacket, ReasonCode } from '../mqtt/packets';
import { quotas } from '../quotas';
import { ClientFault } from './client-fault';

/** The topic aliases that a client has set on its connection. */
export class TopicAliases {
  private readonly topics = new Map<number, string>();

  /**
   * The topic of a PUBLISH, by its name or by its alias.
   *
   * @throws ClientFault for an alias that is above AWS's limit, or that stands for no topic yet
   */
  topicOf({ topic, topicAlias }: PublishPacket): string {
    if (topicAlias === undefined) return topic;
    if (topicAlias > quotas.topicAliases) {
      const explanation = `its topic alias ${topicAlias} is above ${quotas.topicAliases}`;
      throw new ClientFault(ReasonCode.TopicAliasInvalid, explanation);
    }
    if (topic !== '') {
      this.topics.set(topicAlias, topic);
      return topic;
    }
    const known = this.topics.get(topicAlias);
    if (known === undefined) {
      throw new ClientFault(ReasonCode.ProtocolError, `its topic alias ${topicAlias} stands for no topic yet`);
    }
    return known;
  }
}
