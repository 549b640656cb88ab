import { checkTags } from '../../../lib/iot-core-local/registry/tags';

const tag = (Key: unknown, Value: unknown = 'a') => ({ Key, Value });
const many = (count: number) => Array.from({ length: count }, (_, index) => tag(`key${index}`));

test.each<[what: string, tags: unknown]>([
  ['no tags', undefined],
  ['an empty list', []],
  ['letters, digits, spaces and signs', [tag('Größe 1_.:/=+-@', '日本 1_.:/=+-@')]],
  ['an empty value', [tag('a', '')]],
  ['the longest key and value', [tag('k'.repeat(128), 'v'.repeat(256))]],
  ['two keys that differ in case', [tag('a'), tag('A')]],
  ['50 tags', many(50)],
])('A resource may have %s', (_, tags) => {
  expect(() => checkTags(tags)).not.toThrow();
});

test.each<[what: string, tags: unknown, message: string]>([
  ['that are an object', { a: 'b' }, 'Tags are a list of objects, each with a Key and a Value.'],
  ['one of which is a text', ['a'], '"a" does not'],
  ['one of which has no key', [{ Value: 'a' }], '{"Value":"a"} does not'],
  ['one of which has an empty key', [tag('')], 'A tag has a Key of 1 to 128 characters'],
  ['one of which has a key of 129 characters', [tag('k'.repeat(129))], 'A tag has a Key of 1 to 128 characters'],
  ['one of which has another sign', [tag('a*b')], '"a*b"'],
  ['one of which has another field', [{ ...tag('a'), Other: 'b' }], '"Other":"b"} does not'],
  [
    'one of which has a value of 257 characters',
    [tag('a', 'v'.repeat(257))],
    'The tag "a" needs a Value of at most 256',
  ],
  ['one of which has an object as value', [tag('a', {})], 'The tag "a" needs a Value'],
  ['one of which AWS reserves', [tag('aws:a')], 'The tag "aws:a" begins with "aws:"'],
  ['one of which is there twice', [tag('a'), tag('a', 'b')], 'The tag "a" is there twice.'],
  ['of which there are 51', many(51), 'A resource has at most 50 tags, not 51.'],
])('Tags %s are refused', (_, tags, message) => {
  expect(() => checkTags(tags)).toThrow(
    expect.objectContaining({ name: 'InvalidRequestException', message: expect.stringContaining(message) }),
  );
});

test('A tag may have no value, unless it is a template’s', () => {
  expect(() => checkTags([{ Key: 'a' }])).not.toThrow();
  expect(() => checkTags([{ Key: 'a' }], { needsValue: true })).toThrow('The tag "a" needs a Value');
});
