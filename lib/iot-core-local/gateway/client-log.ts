import type { Log } from '../log';
import { quote } from '../mqtt/decode-error';

/** The number of reserved topics that are named for one connection. */
const mostReservedTopics = 20;

/** The log's entries about the client of one connection. Each begins with the client's name. */
export class ClientLog {
  private name = 'A client without a CONNECT';
  /** Most clients use none, and have none. */
  private reserved?: Set<string>;

  constructor(private readonly log: Log) {}

  /** Names the client by its client id. */
  identify(clientId: string): void {
    this.name = quote(clientId);
  }

  /** @param event - a sentence without its subject and full stop */
  info(event: string): void {
    this.log({ level: 'info', message: `${this.name} ${event}.` });
  }

  /** @param event - as for {@link info} */
  warn(event: string): void {
    this.log({ level: 'warn', message: `${this.name} ${event}.` });
  }

  /**
   * Says, once for each use of a topic, that a reserved topic does nothing here. The number of topics is limited, as clients choose them.
   *
   * @param service - the service of AWS that the topic belongs to
   */
  warnOfReserved(use: 'published' | 'subscribed', topic: string, service: string): void {
    const event = `${use} to ${quote(topic)}, which on AWS belongs to ${service}; IoT Core Local has no such service`;
    this.reserved ??= new Set();
    if (this.reserved.has(event) || this.reserved.size >= mostReservedTopics) return;
    this.reserved.add(event);
    this.warn(event);
  }
}
