import { InvalidTopicError } from '../../../lib/iot-core-local/broker/invalid-topic-error';
import { checkTopicName, parseTopicFilter } from '../../../lib/iot-core-local/broker/topic-filter';

const levels = (count: number) => Array.from({ length: count }, (_, index) => `l${index}`).join('/');

describe('a topic filter', () => {
  test.each([
    ['cars/data', undefined, 'cars/data', false],
    ['cars/+/data', undefined, 'cars/+/data', true],
    ['#', undefined, '#', true],
    ['+', undefined, '+', true],
    ['cars/#', undefined, 'cars/#', true],
    ['/', undefined, '/', false],
    ['$aws/things/car1/#', undefined, '$aws/things/car1/#', true],
    ['$share/g/$aws/events/#', 'g', '$aws/events/#', true],
    ['$share/group2/cars/data', 'group2', 'cars/data', false],
    ['$share/group2/cars/#', 'group2', 'cars/#', true],
    ['$share/group2/#', 'group2', '#', true],
    ['$share/group2//cars', 'group2', '/cars', false],
    ['$share/*/cars/data', '*', 'cars/data', false],
  ])('The topic filter %s is read as share name %s, filter %s, wildcard %s', (text, shareName, filter, hasWildcard) => {
    expect(parseTopicFilter(text)).toMatchObject({ text, shareName, filter, hasWildcard });
  });

  test.each([
    ['$share', '"$share/{ShareName}/{TopicFilter}"'],
    ['$share/group2', '"$share/{ShareName}/{TopicFilter}"'],
    ['$share/group2/', 'at least one character'],
    ['$share//cars/data', 'A share name is not empty'],
    ['$share/group+/cars/data', 'A share name is not empty and has no "/", "+" or "#"'],
    ['$share/#/cars/data', 'has no "/", "+" or "#"'],
    ['', 'at least one character'],
    ['cars/#/data', '"#" comes last'],
    ['cars#', 'A wildcard fills its level'],
    ['cars/d#', 'A wildcard fills its level'],
    ['cars+/data', 'A wildcard fills its level'],
    ['$shared/group2/cars', 'no client may subscribe to'],
    ['$share/group2/$SYS/#', 'no client may subscribe to'],
    ['cars/+data', 'A wildcard fills its level'],
    ['$share/group2/cars/+data', 'A wildcard fills its level'],
  ])('The topic filter %j is refused: %s', (text, rule) => {
    expect(() => parseTopicFilter(text)).toThrow(InvalidTopicError);
    expect(() => parseTopicFilter(text)).toThrow(rule);
  });

  test.each([
    ['256 bytes', 'x'.repeat(256)],
    ['7 slashes', levels(8)],
    ['7 slashes behind $share and a share name', `$share/group2/${levels(8)}`],
    ['256 bytes behind $share and a share name', `$share/group2/${'x'.repeat(256)}`],
    ['a share name of 128 characters', `$share/${'g'.repeat(128)}/cars`],
    ['8 slashes among the topics of commands', '$aws/commands/things/car1/executions/+/response/accepted/json'],
    ['8 slashes among the events of AWS IoT Wireless', '$aws/iotwireless/events/+/+/sidewalk/+/amazon_id/1'],
  ])('A topic filter may have %s', (_, text) => {
    expect(parseTopicFilter(text).text).toBe(text);
  });

  test.each([
    ['257 bytes', 'x'.repeat(257)],
    ['257 bytes in 129 characters', `x${'ü'.repeat(128)}`],
    ['8 slashes', levels(9)],
    ['8 slashes behind $share and a share name', `$share/group2/${levels(9)}`],
    ['257 bytes behind $share and a share name', `$share/group2/${'x'.repeat(257)}`],
    ['a share name of 129 characters', `$share/${'g'.repeat(129)}/cars`],
    ['9 slashes among the topics of commands', '$aws/commands/things/car1/executions/+/response/accepted/json/x'],
    ['8 slashes among the topics of things', '$aws/things/car1/shadow/name/n/update/delta/x'],
  ])('A topic filter may not have %s', (_, text) => {
    expect(() => parseTopicFilter(text)).toThrow(InvalidTopicError);
  });
});

describe('a topic to publish to', () => {
  const rule = `$aws/rules/${'r'.repeat(128)}`;

  test.each([
    'cars/data',
    '/',
    'x'.repeat(256),
    levels(8),
    `$aws/rules/cars/${levels(8)}`,
    `${rule}/${'x'.repeat(256)}`,
    '$aws/rules/cars/',
    '$aws/things/car1/shadow/name/a/update/accepted',
    '$aws/commands/things/car1/executions/1/response/accepted/json',
    `$aws/rules/cars/$aws/commands/${levels(6)}`,
  ])('A topic to publish to may be %s', (topic) => {
    expect(() => checkTopicName(topic, false)).not.toThrow();
  });

  test.each([
    '',
    'x'.repeat(257),
    'ü'.repeat(129),
    levels(9),
    '$SYS/x',
    '$share/g/t',
    `$aws/rules/cars/${levels(9)}`,
    // The limit is that of rules, whatever a rule's topic begins with.
    `$aws/rules/cars/$aws/commands/${levels(7)}`,
    `${rule}/${'x'.repeat(257)}`,
    `${rule}r/${'x'.repeat(256)}`,
    `$aws/things/car1/${'x'.repeat(256)}`,
  ])('A topic to publish to may not be %j', (topic) => {
    expect(() => checkTopicName(topic, false)).toThrow(InvalidTopicError);
  });

  test('A message on a reserved topic may not be retained, and any other may', () => {
    for (const topic of ['$aws/things/car1/shadow/update', '$aws/rules/cars/data']) {
      expect(() => checkTopicName(topic, false)).not.toThrow();
      expect(() => checkTopicName(topic, true)).toThrow('AWS retains no message on a topic that begins with "$"');
    }
    expect(() => checkTopicName('cars/$aws', true)).not.toThrow();
  });
});

test('An error quotes a name on one line and cut short, so that the name can neither forge nor flood the log', () => {
  const name = `${'x'.repeat(60_000)}\n`;
  const { message } = errorOf(() => parseTopicFilter(name));
  expect(message.length).toBeLessThan(200);
  expect(errorOf(() => parseTopicFilter('a\nb#')).message).not.toContain('\n');
});

function errorOf(action: () => unknown): Error {
  try {
    action();
  } catch (error) {
    return error as Error;
  }
  throw new Error('Nothing was thrown.');
}
