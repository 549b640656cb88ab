import { TemplateError } from '../../../../lib/iot-core-local/cloudformation/template/template-error';
import { anyResource, bind } from './bound-templates';

const yes = { 'Fn::Equals': ['a', 'a'] };
const no = { 'Fn::Equals': ['a', 'b'] };

/** Whether a resource is created that has this condition. */
function decided(condition: unknown): boolean {
  const sections = {
    Parameters: { Stage: { Type: 'String', Default: 'prod' }, Many: { Type: 'Number', Default: '3' } },
  };
  const Conditions = { Yes: yes, Wanted: condition };
  const template = bind({ ...sections, Conditions, Resources: { Own: anyResource({ Condition: 'Wanted' }) } });
  return template.resources.length > 0;
}

test.each([
  [yes, true],
  [no, false],
  [{ 'Fn::Equals': [{ Ref: 'Stage' }, 'prod'] }, true],
  [{ 'Fn::Equals': [{ Ref: 'Many' }, 3] }, true],
  [{ 'Fn::Equals': [true, 'true'] }, true],
  [{ 'Fn::Equals': [{ Ref: 'AWS::Region' }, 'cn-north-1'] }, true],
  [{ 'Fn::Not': [no] }, true],
  [{ 'Fn::Not': [yes] }, false],
  [{ 'Fn::And': [yes, yes, no] }, false],
  [{ 'Fn::And': [yes, yes] }, true],
  [{ 'Fn::Or': [no, no, yes] }, true],
  [{ 'Fn::Or': [no, no] }, false],
  [{ Condition: 'Yes' }, true],
  [{ 'Fn::And': [{ Condition: 'Yes' }, { 'Fn::Not': [{ Condition: 'Yes' }] }] }, false],
])('The condition %j is %s', (condition, expected) => {
  expect(decided(condition)).toBe(expected);
});

test.each([
  ['text', 'The condition "Wanted" is not one function, such as Fn::Equals.'],
  [{}, 'The condition "Wanted" is not one function, such as Fn::Equals.'],
  [{ 'Fn::Equals': ['a'] }, 'The condition "Wanted" has an Fn::Equals that is not a list of 2 operands.'],
  [{ 'Fn::And': [yes] }, 'The condition "Wanted" has an Fn::And that is not a list of 2 to 10 operands.'],
  [
    { 'Fn::If': ['Yes', 'a', 'b'] },
    'The condition "Wanted" uses Fn::If, which IoT Core Local does not evaluate in a condition.',
  ],
  [{ Condition: 'Nobody' }, 'The template has no condition "Nobody".'],
  [{ Condition: 'Wanted' }, 'Conditions depend on one another in a circle: Wanted → Wanted.'],
  [{ 'Fn::Equals': [{ Ref: 'Own' }, 'a'] }, 'The condition "Wanted" refers to "Own", which has no value here.'],
])('The condition %j is refused, and the message names what is wrong', (condition, message) => {
  expect(() => decided(condition)).toThrow(expect.objectContaining({ message }));
});

describe('Conditions that do not hold', () => {
  const Conditions = { No: no };
  const Gone = anyResource({ Condition: 'No' });

  test('A resource whose condition does not hold is not created, nor is its output', () => {
    const Outputs = { Name: { Condition: 'No', Value: { Ref: 'Gone' } }, Other: { Value: 'x' } };
    const template = bind({ Conditions, Resources: { Gone, Own: anyResource() }, Outputs });
    expect(template.resources.map(({ logicalId }) => logicalId)).toEqual(['Own']);
    expect(template.outputs.map(({ name }) => name)).toEqual(['Other']);
  });

  test('A resource whose condition does not hold can be named in DependsOn and in a branch that does not count', () => {
    const Own = anyResource({ DependsOn: 'Gone' }, { Value: { 'Fn::If': ['No', { Ref: 'Gone' }, 'x'] } });
    expect(bind({ Conditions, Resources: { Gone, Own } }).resources[0].dependencies).toEqual([]);
  });

  test('A resource whose condition does not hold cannot be referred to otherwise', () => {
    const Own = anyResource({}, { Value: { Ref: 'Gone' } });
    expect(() => bind({ Conditions, Resources: { Gone, Own } })).toThrow(
      new TemplateError('Own depends on "Gone", which is not created, because the condition "No" does not hold.'),
    );
  });

  test('A resource whose condition does not hold can be of a type that IoT Core Local does not have', () => {
    expect(bind({ Conditions, Resources: { Gone: { Type: 'AWS::IoT::Unknown', Condition: 'No' } } }).resources).toEqual(
      [],
    );
  });
});

describe('Rules', () => {
  const Parameters = {
    Stage: { Type: 'String', Default: 'prod' },
    Bootstrap: { Type: 'AWS::SSM::Parameter::Value<String>', Default: '/v' },
  };
  const rule = (Assert: unknown, fields: object = {}) => ({
    Parameters,
    Rules: { Own: { Assertions: [{ Assert, AssertDescription: 'Wrong stage.' }], ...fields } },
  });
  const contains = (list: string[], parameter: string) => ({ 'Fn::Contains': [list, { Ref: parameter }] });

  test('A rule holds if its assertions hold, or its condition does not', () => {
    bind(rule(contains(['test', 'prod'], 'Stage')));
    bind(rule(contains(['test'], 'Stage'), { RuleCondition: no }));
  });

  test('A rule that does not hold refuses the template with its description', () => {
    expect(() => bind(rule(contains(['test'], 'Stage'), { RuleCondition: yes }))).toThrow(
      new TemplateError('The rule "Own" does not hold: Wrong stage.'),
    );
  });

  test('A rule about an SSM parameter, as the CDK’s own rule on the bootstrap version, is not checked', () => {
    bind(rule({ 'Fn::Not': [contains(['1', '2'], 'Bootstrap')] }));
  });
});
