import { ReasonCode } from '../mqtt/packets';
import { quotas } from '../quotas';
import { ClientFault } from './client-fault';

/** The topic aliases that a client has set on its connection. */
export class TopicAliases {
  private readonly topics = new Map<number, string>();

  /**
   * The topic of a PUBLISH with an alias.
   *
   * @param topic - the topic that the alias stands for from now on; empty for the one that it stands for already
   * @throws ClientFault for an alias that is above AWS's limit, or that stands for no topic yet
   */
  topicOf(alias: number, topic: string): string {
    if (alias > quotas.topicAliases) {
      const explanation = `its topic alias ${alias} is above ${quotas.topicAliases}`;
      throw new ClientFault(ReasonCode.TopicAliasInvalid, explanation);
    }
    if (topic !== '') {
      this.topics.set(alias, topic);
      return topic;
    }
    const known = this.topics.get(alias);
    if (known === undefined) {
      throw new ClientFault(ReasonCode.ProtocolError, `its topic alias ${alias} stands for no topic yet`);
    }
    return known;
  }
}
