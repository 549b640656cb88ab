import { Template } from '../../../../lib/iot-core-local/cloudformation/template/template';

const resource = { Type: 'AWS::IoT::Thing' };
const template = (sections: object) => () => new Template({ Resources: { Thing: resource }, ...sections });

/** A section of this many entries. */
function entries(count: number, entry: unknown) {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`N${index}`, entry]));
}

const limits = [
  ['Resources', 500, resource],
  ['Parameters', 200, { Type: 'String' }],
  ['Outputs', 200, { Value: 'a' }],
  ['Mappings', 200, { a: { b: 'c' } }],
] as const;

test.each(limits)('A template may have as many %s as CloudFormation takes: %i', (section, most, entry) => {
  expect(template({ [section]: entries(most, entry) })).not.toThrow();
});

test.each(limits)('A template with more %s than CloudFormation takes, %i, is refused', (section, most, entry) => {
  const counts = `Number of ${section.toLowerCase()}, ${most + 1}, is greater than maximum allowed, ${most}`;
  expect(template({ [section]: entries(most + 1, entry) })).toThrow(`Template format error: ${counts}`);
});

test.each<[fault: string, sections: object, message: string]>([
  ['no resources', { Resources: {} }, 'At least one Resources member must be defined.'],
  ['a description that is no text', { Description: { Ref: 'Stage' } }, 'Description is not a string.'],
  ['a long description', { Description: `${'é'.repeat(512)}x` }, 'Description has 1025 bytes; it can have 1024.'],
  ['a parameter name with a hyphen', { Parameters: { 'a-b': { Type: 'String' } } }, "Parameters name 'a-b' is non"],
  ['an output name with a slash', { Outputs: { 'a/b': { Value: 'a' } } }, "Outputs name 'a/b' is non alphanumeric."],
  ['a mapping name with a dot', { Mappings: { 'a.b': {} } }, "Mappings name 'a.b' is non alphanumeric."],
  [
    'a parameter’s unknown field',
    { Parameters: { A: { Type: 'String', Defualt: 'a' } } },
    `Invalid template parameter property 'Defualt' of "A".`,
  ],
  [
    'an output’s unknown field',
    { Outputs: { A: { Value: 'a', Exports: { Name: 'a' } } } },
    `Invalid template output property 'Exports' of "A".`,
  ],
  [
    'a function as an output’s description',
    { Outputs: { A: { Value: 'a', Description: { Ref: 'Stage' } } } },
    'Every Description member must be a string; that of "A" is not.',
  ],
  [
    'a function as an output’s condition',
    { Outputs: { A: { Value: 'a', Condition: { Condition: 'Is' } } } },
    'Every Condition member must be a string; that of "A" is not.',
  ],
  [
    'a list as a parameter’s default',
    { Parameters: { A: { Type: 'CommaDelimitedList', Default: ['a', 'b'] } } },
    'Every Default member must be a string; that of "A" is not.',
  ],
  [
    'one name for a parameter and a resource',
    { Parameters: { Thing: { Type: 'String' } } },
    '"Thing" is the name of a parameter and of a resource.',
  ],
])('A template with %s is refused', (_, sections, message) => {
  expect(template(sections)).toThrow(`Template format error: ${message}`);
});

test.each<[what: string, sections: object]>([
  ['a description of 1,024 bytes', { Description: 'é'.repeat(512) }],
  ['one name for an output and a resource', { Outputs: { Thing: { Value: 'a' } } }],
  [
    'all fields of a parameter',
    {
      Parameters: {
        A: {
          AllowedPattern: 'a',
          AllowedValues: ['a'],
          ConstraintDescription: 'a',
          Default: 'a',
          Description: 'a',
          MaxLength: 1,
          MinLength: 1,
          NoEcho: true,
          Type: 'String',
        },
      },
    },
  ],
])('A template may have %s', (_, sections) => {
  expect(template(sections)).not.toThrow();
});
