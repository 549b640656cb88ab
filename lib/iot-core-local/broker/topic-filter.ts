import { quote } from '../mqtt/decode-error';
import { InvalidTopicError } from './invalid-topic-error';
import { reservedService, reservedSlashes } from './reserved-topics';

/** A subscription's filter: `$share/group2/cars/data` has the share name `group2` and the filter `cars/data`. */
export interface TopicFilter {
  /** The text that the client sent, which is also what a policy must name. */
  readonly text: string;
  /** Only of a shared subscription. */
  readonly shareName?: string;
  /** The part that topics are matched against. */
  readonly filter: string;
  readonly hasWildcard: boolean;
  /** The service of AWS that the filter's reserved topic belongs to, which IoT Core Local does not have. */
  readonly service?: string;
}

/** https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits */
const maximumTopicBytes = 256;
const maximumSlashes = 7;
const maximumShareNameLength = 128;

const sharePrefix = '$share/';

/**
 * Reads a topic filter, shared or not. The slashes of `$share/{ShareName}/` do not count toward AWS's limit of seven.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-shared-subscription
 * @throws InvalidTopicError
 */
export function parseTopicFilter(text: string): TopicFilter {
  const isShared = text === '$share' || text.startsWith(sharePrefix);
  const end = isShared ? text.indexOf('/', sharePrefix.length) : -1;
  // A shared filter has a share name, another slash, and at least one character [MQTT-4.8.2-1, MQTT-4.8.2-2].
  if (isShared && end === -1) {
    throw new InvalidTopicError(`A shared subscription is "$share/{ShareName}/{TopicFilter}"; ${quote(text)} is not.`);
  }
  const shareName = isShared ? text.slice(sharePrefix.length, end) : undefined;
  const filter = isShared ? text.slice(end + 1) : text;
  if (shareName !== undefined && (shareName === '' || /[+#]/.test(shareName))) {
    throw new InvalidTopicError(
      `A share name is not empty and has no "/", "+" or "#"; ${quote(shareName)} does not fit.`,
    );
  }
  if (shareName !== undefined && shareName.length > maximumShareNameLength) {
    throw new InvalidTopicError(
      `A share name has at most ${maximumShareNameLength} characters; ${quote(shareName)} has more.`,
    );
  }
  checkSize(filter, 'topic filter', reservedSlashes(filter));
  checkWildcards(filter);
  const service = reservedService(filter, 'subscribe');
  return { text, shareName, filter, hasWildcard: /[+#]/.test(filter), service };
}

/** What a topic begins with that is for a rule alone. AWS's limits are for the rest of such a topic. */
const basicIngest = /^\$aws\/rules\/\w{1,128}\//;

/**
 * Checks a topic to publish to. The codec refuses wildcards in it.
 *
 * @param isRetained - whether the message has RETAIN set, which AWS takes on no reserved topic
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/iot-basic-ingest.html
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-retain-using
 * @returns the service of AWS that a reserved topic belongs to, which IoT Core Local does not have
 * @throws InvalidTopicError
 */
export function checkTopicName(topic: string, isRetained: boolean): string | undefined {
  const rest = topic.replace(basicIngest, '');
  if (rest !== '' || topic === '') checkSize(rest, 'topic', reservedSlashes(topic));
  const service = reservedService(topic, 'publish');
  if (service !== undefined && isRetained) {
    throw new InvalidTopicError(`AWS retains no message on a topic that begins with "$": ${quote(topic)}.`);
  }
  return service;
}

/** "#" is alone or last behind a "/", and "+" fills its level [MQTT-4.7.1-1, MQTT-4.7.1-2]. */
function checkWildcards(filter: string): void {
  const levels = filter.split('/');
  const misplaced = levels.find(
    (level, index) =>
      (level.includes('#') && (level !== '#' || index !== levels.length - 1)) || (level.includes('+') && level !== '+'),
  );
  if (misplaced !== undefined) {
    throw new InvalidTopicError(
      `A wildcard fills its level, and "#" comes last; ${quote(filter)} has ${quote(misplaced)}.`,
    );
  }
}

function checkSize(topic: string, what: string, mostSlashes = maximumSlashes): void {
  if (topic === '') throw new InvalidTopicError(`A ${what} has at least one character.`);
  if (Buffer.byteLength(topic) > maximumTopicBytes) {
    throw new InvalidTopicError(`A ${what} has at most ${maximumTopicBytes} bytes; ${quote(topic)} has more.`);
  }
  if (topic.split('/').length - 1 > mostSlashes) {
    throw new InvalidTopicError(`A ${what} has at most ${mostSlashes} slashes; ${quote(topic)} has more.`);
  }
}
