import type { ByteReader } from './byte-reader';
import { DecodeError, protocolError, quote } from './decode-error';
import { ReasonCode } from './packets';

/** Bytes. Longer names are decoded each time, as a remembered one takes memory for as long as its connection. */
const longestRemembered = 256;

/**
 * Reads the topic names of one connection's PUBLISH packets.
 *
 * It remembers the last name: most clients publish to one topic, and comparing bytes is much cheaper than decoding and checking them.
 * The broker also gets the same string object each time, whose hash is known.
 */
export class TopicNameReader {
  /** Made for the first name: an idle client has none. */
  private lastBytes: Buffer | undefined = undefined;
  private lastLength = 0;
  private lastTopic = '';

  /** The next topic name; empty if a topic alias stands for it. @throws DecodeError for a name with wildcards [MQTT-3.3.2-2] */
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
      this.lastBytes ??= Buffer.allocUnsafe(longestRemembered);
      reader.bytes.copy(this.lastBytes, 0, reader.position - length, reader.position);
      this.lastLength = length;
      this.lastTopic = topic;
    }
    return topic;
  }

  private isLast(reader: ByteReader, length: number): boolean {
    const { lastBytes } = this;
    const start = reader.take(length, 'topic name');
    for (let i = 0; i < length; i++) {
      if (reader.bytes[start + i] !== lastBytes![i]) return false;
    }
    return true;
  }
}

/**
 * Returns the text if it can be a topic name: not empty [MQTT-4.7.3-1], no wildcards [MQTT-4.7.0-1].
 *
 * @param wildcardCode - the reason code for a name with a wildcard
 * @throws DecodeError if it cannot be a topic name
 */
export function requireTopicName(text: string, field: string, wildcardCode: number): string {
  if (text === '') {
    throw protocolError(`The ${field} is empty [MQTT-4.7.3-1].`);
  }
  if (text.includes('+') || text.includes('#')) {
    throw new DecodeError(
      wildcardCode,
      `The ${field} ${quote(text)} has a wildcard, which only a topic filter may have [MQTT-4.7.0-1].`,
    );
  }
  return text;
}
