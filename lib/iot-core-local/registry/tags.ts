import { isObject } from '../../util/json';
import { repeated } from '../../util/repeated';
import { IotError } from './iot-error';

/** https://docs.aws.amazon.com/iot/latest/apireference/API_Tag.html */
const allowed = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** Characters. */
const longest = { Key: 128, Value: 256 };

/** The most tags of a resource. https://docs.aws.amazon.com/iot/latest/developerguide/tagging-iot.html */
const mostTags = 50;

/**
 * Checks the tags of a resource, which IoT Core Local does not keep: they change no right.
 *
 * @param tags - undefined for none; otherwise it must be a list of objects, each with a `Key` and a `Value`
 * @param needsValue - whether each must have a value: the API takes a tag without one, and CloudFormation does not. @default false
 * @throws IotError InvalidRequestException naming the rule and the tag
 */
export function checkTags(tags: unknown, { needsValue = false }: { readonly needsValue?: boolean } = {}): void {
  if (tags === undefined) return;
  if (!Array.isArray(tags)) throw invalid('Tags are a list of objects, each with a Key and a Value.');
  if (tags.length > mostTags) throw invalid(`A resource has at most ${mostTags} tags, not ${tags.length}.`);
  const keys = tags.map((tag) => keyOf(tag, needsValue));
  const twice = repeated(keys);
  if (twice !== undefined) throw invalid(`The tag "${twice}" is there twice.`);
}

function keyOf(tag: unknown, needsValue: boolean): string {
  const { Key, Value, ...others } = isObject(tag) ? tag : {};
  if (!isText(Key, longest.Key) || Key === '' || Object.keys(others).length > 0) {
    throw invalid(`A tag has a Key of 1 to ${longest.Key} characters and a Value; ${JSON.stringify(tag)} does not.`);
  }
  if (Key.toLowerCase().startsWith('aws:')) throw invalid(`The tag "${Key}" begins with "aws:", which AWS reserves.`);
  if (Value === undefined && !needsValue) return Key;
  if (isText(Value, longest.Value)) return Key;
  throw invalid(
    `The tag "${Key}" needs a Value of at most ${longest.Value} letters, digits, spaces or any of "_.:/=+-@".`,
  );
}

function isText(value: unknown, most: number): value is string {
  return typeof value === 'string' && [...value].length <= most && allowed.test(value);
}

function invalid(message: string): IotError {
  return new IotError('InvalidRequestException', message);
}
