import { anyResource, bind } from './bound-templates';

/** The value of a reference to a parameter. */
function referenceTo(declaration: object, given: Record<string, string> = {}): unknown {
  const Resources = { Own: anyResource({}, { Value: { Ref: 'P' } }) };
  const template = bind({ Parameters: { P: declaration }, Resources }, given);
  return template.propertiesOf(template.resources[0], new Map()).read.Value;
}

test.each([
  [{ Type: 'String', Default: 'a' }, {}, 'a'],
  [{ Type: 'String', Default: 'a' }, { P: 'b' }, 'b'],
  [{ Type: 'String', Default: '' }, {}, ''],
  [{ Type: 'Number', Default: 3 }, {}, '3'],
  [{ Type: 'Number' }, { P: '-1.5' }, '-1.5'],
  [{ Type: 'List<Number>' }, { P: '1, 2' }, ['1', '2']],
  [{ Type: 'CommaDelimitedList' }, { P: 'a,b ,c' }, ['a', 'b', 'c']],
  [{ Type: 'AWS::EC2::VPC::Id' }, { P: 'vpc-1' }, 'vpc-1'],
  [{ Type: 'List<AWS::EC2::Subnet::Id>' }, { P: 's-1,s-2' }, ['s-1', 's-2']],
  [{ Type: 'List<String>' }, { P: 'a,b' }, ['a', 'b']],
  [{ Type: 'AWS::EC2::KeyPair::KeyName' }, { P: 'k' }, 'k'],
  [{ Type: 'String', AllowedValues: ['a', 'b'] }, { P: 'b' }, 'b'],
  [{ Type: 'String', AllowedPattern: '[a-z]+|X' }, { P: 'abc' }, 'abc'],
  [{ Type: 'String', MinLength: 1, MaxLength: '3' }, { P: 'abc' }, 'abc'],
  [{ Type: 'Number', MinValue: 1, MaxValue: 3 }, { P: '3' }, '3'],
  [{ Type: 'String' }, { P: 'a'.repeat(4096) }, 'a'.repeat(4096)],
])('A parameter %j with the values %j is %j', (declaration, given, expected) => {
  expect(referenceTo(declaration, given)).toEqual(expected);
});

test.each([
  [{ Type: 'String' }, {}, 'Parameters: [P] must have values'],
  [{ Type: 'String' }, { P: 'a', Q: 'b' }, 'Parameters: [Q] do not exist in the template'],
  [{ Type: 'String', AllowedValues: ['a'] }, { P: 'b' }, "Parameter 'P' must be one of AllowedValues"],
  [{ Type: 'CommaDelimitedList', AllowedValues: ['a'] }, { P: 'a,b' }, "Parameter 'P' must be one of AllowedValues"],
  [{ Type: 'String', AllowedPattern: '[a-z]+|X' }, { P: 'a1' }, "Parameter 'P' must match pattern [a-z]+|X"],
  [
    { Type: 'String', AllowedPattern: 'a', ConstraintDescription: 'must be an a' },
    { P: 'b' },
    'Parameter P failed to satisfy constraint: must be an a',
  ],
  [{ Type: 'String', MinLength: 2 }, { P: 'a' }, "Parameter 'P' must contain at least 2 characters"],
  [{ Type: 'String', MaxLength: 2 }, { P: 'abc' }, "Parameter 'P' must contain at most 2 characters"],
  [{ Type: 'Number' }, { P: 'a' }, "Parameter 'P' must be a number"],
  [{ Type: 'Number' }, { P: '' }, "Parameter 'P' must be a number"],
  [{ Type: 'Number', MinValue: 2 }, { P: '1' }, "Parameter 'P' must be a number not less than 2"],
  [{ Type: 'List<Number>', MaxValue: 2 }, { P: '1,3' }, "Parameter 'P' must be a number not greater than 2"],
  [{ Type: 'String' }, { P: `${'€'.repeat(1365)}ab` }, "Parameter 'P' has a value of 4097 bytes; it can have 4096"],
  [{ Type: 'String', AllowedPattern: '(' }, { P: 'a' }, 'AllowedPattern of the parameter "P" cannot be read: ('],
  ...[
    'Boolean',
    'AWS::EC2::Nothing',
    'List<AWS::EC2::KeyPair::KeyName>',
    'AWS::SSM::Parameter::Value<Nothing>',
    'List<AWS::SSM::Parameter::Name>',
  ].map((Type): [object, object, string] => [
    { Type },
    { P: 'a' },
    `The parameter "P" has the type ${Type}, which IoT Core Local does not know.`,
  ]),
  [{}, { P: 'a' }, 'The parameter "P" has no Type.'],
])('A parameter %j with the values %j is refused', (declaration, given, message) => {
  expect(() => referenceTo(declaration, given as Record<string, string>)).toThrow(
    expect.objectContaining({ name: 'TemplateError', message }),
  );
});
