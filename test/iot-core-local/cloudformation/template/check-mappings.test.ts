import { Template } from '../../../../lib/iot-core-local/cloudformation/template/template';

const mapping = (keys: unknown) => () =>
  new Template({ Resources: { Thing: { Type: 'AWS::IoT::Thing' } }, Mappings: { Map: keys } });

/** The attributes of a key. */
function attributes(count: number): object {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, 'a']));
}

test.each<[what: string, keys: unknown]>([
  ['a key for each Region', { 'us-east-1': { stage: 'test' } }],
  ['a key with dots', { 't2.micro': { arch: 'HVM64' } }],
  ['numbers and booleans', { a: { b: 1, c: true } }],
  ['lists', { a: { b: ['c', 'd'], e: [], f: [{ g: 'h' }] } }],
  ['200 attributes', { a: attributes(200) }],
])('A mapping may have %s', (_, keys) => {
  expect(mapping(keys)).not.toThrow();
});

test.each<[what: string, keys: unknown, message: string]>([
  ['no key', {}, 'The mapping "Map" is not an object with at least one member.'],
  ['a text in the place of its keys', 'a', 'The mapping "Map" is not an object with at least one member.'],
  ['a text in the place of attributes', { a: 'b' }, 'The key "a" of the mapping "Map" is not an object with'],
  ['a key without attributes', { a: {} }, 'The key "a" of the mapping "Map" is not an object with at least one'],
  [
    'a key with a slash',
    { 'a/b': { c: 'd' } },
    "Mappings key name 'a/b' must contain only alphanumeric characters, '-'",
  ],
  [
    'an attribute with a hyphen',
    { regions: { 'us-east-1': 'a' } },
    "Mappings attribute name 'us-east-1' must contain only alphanumeric characters.",
  ],
  [
    'a function',
    { a: { b: { Ref: 'AWS::Region' } } },
    'Every Mappings attribute must be a String or a List; "b" of a of the mapping "Map" is not.',
  ],
  [
    'a function in a list',
    { a: { b: [{ c: ['d', { 'Fn::Sub': 'e' }] }] } },
    'A mapping has no functions; "b" of a of the mapping "Map" has Fn::Sub.',
  ],
  ['a third level', { a: { b: { c: 'd' } } }, 'Every Mappings attribute must be a String or a List; "b" of a of the'],
  ['201 attributes', { a: attributes(201) }, 'The key "a" of the mapping "Map" has more than 200 attributes.'],
])('A mapping that has %s is refused', (_, keys, message) => {
  expect(mapping(keys)).toThrow(`Template format error: ${message}`);
});
