import type { ByteReader } from './byte-reader';
import { DecodeError, protocolError, quote } from './decode-error';
import { ReasonCode } from './packets';

/** The wildcards, as bytes of UTF-8. */
const plusSign = 0x2b;
const numberSign = 0x23;

/** Longer names are decoded each time, as a remembered one takes memory for as long as its connection. */
const longestRemembered = 256;

/** The number of names that are remembered of a client that publishes to more than one topic. A power of two. */
const slots = 64;

/**
 * Reads the topic names of one connection's PUBLISH packets.
 *
 * It remembers the last name, and some before it: most clients publish to few topics, and comparing a name costs much less than decoding
 * and checking it. The broker also gets the same string object each time, whose hash is known. Only names in ASCII are remembered.
 */
export class TopicNameReader {
  private last = '';
  /** By their hashes. A client that publishes to one topic has none. */
  private names: string[] | undefined = undefined;

  /** The next topic name; empty if a topic alias stands for it. @throws DecodeError for a name with wildcards [MQTT-3.3.2-2] */
  read(reader: ByteReader): string {
    const { bytes, position } = reader;
    const length = reader.uint16('topic name');
    const start = reader.take(length, 'topic name');
    if (isSame(this.last, bytes, start, length)) return this.last;
    const slot = hashOf(bytes, start, length) & (slots - 1);
    const known = this.names?.[slot] ?? '';
    if (isSame(known, bytes, start, length)) {
      this.last = known;
      return known;
    }
    reader.position = position;
    const topic = reader.string('topic name');
    if (topic === '') return topic;
    requireTopicName(topic, 'topic name', ReasonCode.TopicNameInvalid);
    if (topic.length === length && length <= longestRemembered) this.remember(topic, slot);
    return topic;
  }

  private remember(topic: string, slot: number): void {
    if (this.last !== '') {
      this.names ??= new Array(slots).fill('');
      this.names[slot] = topic;
    }
    this.last = topic;
  }
}

/** Whether a name in ASCII has these bytes. */
function isSame(name: string, bytes: Buffer, start: number, length: number): boolean {
  if (name.length !== length) return false;
  for (let i = 0; i < length; i++) {
    if (name.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
}

function hashOf(bytes: Buffer, start: number, length: number): number {
  let hash = length;
  for (let i = start; i < start + length; i++) hash = (Math.imul(hash, 31) + bytes[i]) | 0;
  return hash ^ (hash >>> 16);
}

/**
 * Steps over a string that can be a topic name.
 *
 * @throws DecodeError as {@link ByteReader.string} and {@link requireTopicName} do
 */
export function skipTopicName(reader: ByteReader, field: string, wildcardCode: number): void {
  const { bytes, position } = reader;
  reader.skipString(field);
  const start = position + 2;
  if (reader.position > start && !hasWildcard(bytes, start, reader.position)) return;
  // It is decoded for the error alone.
  reader.position = position;
  requireTopicName(reader.string(field), field, wildcardCode);
}

function hasWildcard(bytes: Buffer, start: number, end: number): boolean {
  for (let i = start; i < end; i++) {
    if (bytes[i] === plusSign || bytes[i] === numberSign) return true;
  }
  return false;
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
