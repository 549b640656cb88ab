import type { ByteReader } from './byte-reader';
import { DecodeError, protocolError, quote } from './decode-error';
import { ReasonCode } from './packets';

/** Bytes. Longer names are decoded anew each time: what is remembered is there for as long as the connection. */
const longestRemembered = 256;

/**
 * Reads the topic names of one connection's PUBLISH packets.
 *
 * Remembers the last one: most clients publish to one topic again and again, and to compare its bytes is much cheaper than to decode
 * and check them. It also gives the broker the same string object each time, whose hash is known.
 */
export class TopicNameReader {
  private readonly lastBytes = Buffer.allocUnsafe(longestRemembered);
  private lastLength = 0;
  private lastTopic = '';

  /** The next topic name; empty if an alias is to stand for it. Throws a DecodeError if it has wildcards [MQTT-3.3.2-2]. */
  read(reader: ByteReader): string {
    const start = reader.position;
    const length = reader.uint16('topic name');
    if (length === this.lastLength && this.isLast(reader, length)) {
      return this.lastTopic;
    }
    reader.position = start;
    const topic = reader.string('topic name');
    if (topic === '') return topic;
    requireTopicName(topic, 'topic name', ReasonCode.TopicNameInvalid);
    if (length <= longestRemembered) {
      reader.bytes.copy(this.lastBytes, 0, reader.position - length, reader.position);
      this.lastLength = length;
      this.lastTopic = topic;
    }
    return topic;
  }

  private isLast(reader: ByteReader, length: number): boolean {
    const start = reader.take(length, 'topic name');
    for (let i = 0; i < length; i++) {
      if (reader.bytes[start + i] !== this.lastBytes[i]) return false;
    }
    return true;
  }
}

/**
 * Returns the text if it can be a topic name: not empty [MQTT-4.7.3-1], no wildcards [MQTT-4.7.0-1].
 *
 * Throws a DecodeError otherwise, for a wildcard with the reason code given.
 */
export function requireTopicName(text: string, field: string, wildcardCode: number): string {
  if (text === '') {
    throw protocolError(`The ${field} is empty [MQTT-4.7.3-1].`);
  }
  if (text.includes('+') || text.includes('#')) {
    throw new DecodeError(
      wildcardCode,
      `The ${field} ${quote(text)} holds a wildcard, which only a filter may [MQTT-4.7.0-1].`,
    );
  }
  return text;
}
