import { isObject } from '../../../util/json';
import { constraintsOf, entriesOf } from './parameter-constraints';
import { TemplateError } from './template-error';

/** A declared parameter of a template. */
export interface Parameter {
  readonly name: string;
  /** `String`, `Number`, `CommaDelimitedList`, `AWS::SSM::Parameter::Value<String>`, … */
  readonly type: string;
  readonly default?: string;
  /** Whether CloudFormation shows `****` instead of the value. */
  readonly noEcho: boolean;
  /** @throws TemplateError if a text breaks a constraint, such as AllowedValues */
  check(text: string): void;
}

/** The value of a `Ref` to a parameter; undefined if only AWS has it, as that of an SSM parameter. */
export type ParameterValue = string | readonly string[] | undefined;

/**
 * The parameters that a template declares, by name.
 *
 * @throws TemplateError if a declaration is wrong
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 */
export function parametersIn(section: unknown): ReadonlyMap<string, Parameter> {
  if (section === undefined) return new Map();
  if (!isObject(section)) throw new TemplateError('Parameters is not an object.');
  return new Map(Object.entries(section).map(([name, declaration]) => [name, parameterIn(name, declaration)]));
}

/** The types whose value is a name or id of another service, for one value or several. IoT Core Local takes any text for one. */
const otherServices = [
  'AWS::EC2::AvailabilityZone::Name',
  'AWS::EC2::Image::Id',
  'AWS::EC2::Instance::Id',
  'AWS::EC2::SecurityGroup::GroupName',
  'AWS::EC2::SecurityGroup::Id',
  'AWS::EC2::Subnet::Id',
  'AWS::EC2::VPC::Id',
  'AWS::EC2::Volume::Id',
  'AWS::Route53::HostedZone::Id',
];

/** Every type but those of SSM parameters' values. */
const types = new Set([
  'String',
  'Number',
  'CommaDelimitedList',
  'AWS::EC2::KeyPair::KeyName',
  'AWS::SSM::Parameter::Name',
  ...otherServices,
  ...['String', 'Number', ...otherServices].map((type) => `List<${type}>`),
]);

/** An SSM parameter: the template's parameter names it, and only AWS has its value. */
const ssmValue = /^AWS::SSM::Parameter::Value<(.+)>$/;

function isKnownType(type: string): boolean {
  return types.has(ssmValue.exec(type)?.[1] ?? type);
}

function parameterIn(name: string, declaration: unknown): Parameter {
  if (!isObject(declaration) || typeof declaration.Type !== 'string') {
    throw new TemplateError(`The parameter "${name}" has no Type.`);
  }
  const { Type: type, Default, NoEcho } = declaration;
  if (!isKnownType(type)) {
    throw new TemplateError(`The parameter "${name}" has the type ${type}, which IoT Core Local does not know.`);
  }
  return {
    name,
    type,
    default: Default === undefined ? undefined : String(Default),
    noEcho: NoEcho === true || NoEcho === 'true',
    check: constraintsOf(name, type, declaration),
  };
}

/**
 * The value of each declared parameter: the given one, or the default.
 *
 * @param given - values by name, all of them texts
 * @throws TemplateError in CloudFormation's words if a value is missing, unknown, or breaks a constraint
 */
export function bindParameters(
  declared: ReadonlyMap<string, Parameter>,
  given: ReadonlyMap<string, string>,
): ReadonlyMap<string, ParameterValue> {
  const unknown = [...given.keys()].filter((name) => !declared.has(name));
  if (unknown.length > 0) throw new TemplateError(`Parameters: [${unknown.join(', ')}] do not exist in the template`);
  const missing = [...declared.values()].filter((parameter) => textFor(parameter, given) === undefined);
  if (missing.length > 0) {
    throw new TemplateError(`Parameters: [${missing.map(({ name }) => name).join(', ')}] must have values`);
  }
  return new Map(
    [...declared.values()].map((parameter) => [parameter.name, parameterValue(parameter, textFor(parameter, given)!)]),
  );
}

function textFor(parameter: Parameter, given: ReadonlyMap<string, string>): string | undefined {
  return given.get(parameter.name) ?? parameter.default;
}

/** Bytes. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const longestValue = 4096;

function parameterValue(parameter: Parameter, text: string): ParameterValue {
  const length = Buffer.byteLength(text);
  if (length > longestValue) {
    throw new TemplateError(
      `Parameter '${parameter.name}' has a value of ${length} bytes; it can have ${longestValue}`,
    );
  }
  parameter.check(text);
  if (ssmValue.test(parameter.type)) return undefined;
  return entriesOf(parameter.type, text) ?? text;
}
