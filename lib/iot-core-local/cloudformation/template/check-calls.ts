import { closest } from '../../../util/closest';
import { isObject } from '../../../util/json';
import { wrongForm } from './function-forms';
import { intrinsicCall } from './intrinsic-call';
import type { Resource } from './resource';
import { TemplateError } from './template-error';

/**
 * The functions that CloudFormation has without a transform, those of rules included.
 *
 * @see https://github.com/aws/aws-cli/pull/2746 (CloudFormation's own list in its error)
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 */
const supported = [
  'Fn::And',
  'Fn::Base64',
  'Fn::Cidr',
  'Fn::Contains',
  'Fn::EachMemberEquals',
  'Fn::EachMemberIn',
  'Fn::Equals',
  'Fn::FindInMap',
  'Fn::GetAtt',
  'Fn::GetAZs',
  'Fn::GetStackOutput',
  'Fn::If',
  'Fn::ImportValue',
  'Fn::Join',
  'Fn::Not',
  'Fn::Or',
  'Fn::RefAll',
  'Fn::Select',
  'Fn::Split',
  'Fn::Sub',
  'Fn::Transform',
  'Fn::ValueOf',
  'Fn::ValueOfAll',
];

/**
 * Checks every call of a function in a template, also where IoT Core Local reads nothing, as CloudFormation does before it evaluates any.
 *
 * @throws TemplateError for a function that CloudFormation does not have, and for an argument of another form than the function's
 */
export function checkCalls({ conditions, outputs, resources, rules }: Parts): void {
  for (const { logicalId, properties, otherAttributes } of resources.values()) {
    check(logicalId, [properties, otherAttributes]);
  }
  for (const { name, value, exportName } of outputs) check(`The output "${name}"`, [value, exportName]);
  for (const [name, condition] of Object.entries(conditions)) check(`The condition "${name}"`, condition);
  for (const [name, rule] of Object.entries(rules)) check(`The rule "${name}"`, rule);
}

/** The parts of a template that can have functions. */
interface Parts {
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly outputs: readonly { readonly name: string; readonly value: unknown; readonly exportName?: unknown }[];
  readonly resources: ReadonlyMap<string, Resource>;
  readonly rules: Readonly<Record<string, unknown>>;
}

function check(owner: string, value: unknown): void {
  if (Array.isArray(value)) {
    for (const entry of value) check(owner, entry);
  } else if (isObject(value)) {
    checkCall(owner, value);
    for (const entry of Object.values(value)) check(owner, entry);
  }
}

function checkCall(owner: string, value: Readonly<Record<string, unknown>>): void {
  const names = Object.keys(value).filter((name) => name.startsWith('Fn::'));
  const unknown = names.find((name) => !supported.includes(name));
  if (unknown !== undefined) {
    throw new TemplateError(
      `Template error: Encountered unsupported function: ${unknown}. ${owner} uses it.${hintFor(unknown)}`,
    );
  }
  const call = intrinsicCall(value);
  // A transform changes what is beside it. What CloudFormation makes of any other function there, AWS does not say.
  const misplaced = names.find((name) => name !== 'Fn::Transform');
  if (!call && misplaced !== undefined) {
    throw new TemplateError(`${owner} has ${misplaced} beside other keys, where it is no call.`);
  }
  const wrong = call && wrongForm(call);
  if (wrong !== undefined) throw new TemplateError(`${owner} ${wrong}.`);
}

function hintFor(unknown: string): string {
  const withoutPrefix = (name: string) => name.slice('Fn::'.length);
  const candidate = closest(withoutPrefix(unknown), supported.map(withoutPrefix));
  return candidate === undefined ? '' : ` Did you mean "Fn::${candidate}"?`;
}
