import { isObject } from '../../../util/json';
import { intrinsicCall } from './intrinsic-call';
import { hintFor, isPseudoParameter, referencesIn } from './references';
import type { Template } from './template';
import { TemplateError } from './template-error';

/**
 * Checks the references of a template, also those that its conditions leave out: CloudFormation validates a template without the values of
 * its parameters.
 *
 * @throws TemplateError for a name that the template does not have, and for a resource where CloudFormation takes none
 */
export function checkReferences(template: Template): void {
  const { conditions, outputs, parameters, resources } = template;
  const isKnown = (name: string) => isPseudoParameter(name) || parameters.has(name) || resources.has(name);
  const refuseResources = (what: string, value: unknown) => {
    const resource = namesIn(value).find((name) => resources.has(name));
    if (resource === undefined) return;
    throw new TemplateError(`${what} depends on the resource "${resource}", which CloudFormation does not take.`);
  };
  const check = (owner: string, value: unknown, verb = 'refers to') => {
    for (const name of namesIn(value)) {
      if (!isKnown(name)) {
        throw new TemplateError(`${owner} ${verb} "${name}", which the template does not have.${hintFor(name)}`);
      }
    }
    checkConditionNames(owner, value, conditions);
    refuseResources(`${owner} has an Fn::ImportValue that`, callsIn(value, 'Fn::ImportValue'));
  };
  for (const { logicalId, properties, otherAttributes, dependsOn, condition } of resources.values()) {
    checkCondition(logicalId, condition, conditions);
    const missing = dependsOn.find((name) => !resources.has(name));
    if (missing !== undefined) {
      throw new TemplateError(`${logicalId} depends on "${missing}", which the template does not have.`);
    }
    check(logicalId, [properties, otherAttributes], 'depends on');
  }
  for (const { name, value, exportName, condition } of outputs) {
    const owner = `The output "${name}"`;
    checkCondition(owner, condition, conditions);
    check(owner, [value, exportName]);
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-importvalue.html
    refuseResources(`The name of the export of the output "${name}"`, exportName);
  }
  for (const [name, condition] of Object.entries(conditions)) {
    const owner = `The condition "${name}"`;
    check(owner, condition);
    refuseResources(owner, condition);
    // https://github.com/aws/aws-cdk/issues/32238
    if (callsIn(condition, 'Fn::ImportValue').length > 0) {
      throw new TemplateError(`Template error: Cannot use Fn::ImportValue in Conditions. ${owner} does.`);
    }
    const misplaced = notInConditions.find((other) => callsIn(condition, other).length > 0);
    if (misplaced !== undefined) {
      throw new TemplateError(`${owner} uses ${misplaced}, which CloudFormation does not take in a condition.`);
    }
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-rules.html
    if (callsIn(condition, 'Fn::Contains').length > 0) {
      throw new TemplateError(`${owner} uses Fn::Contains, which CloudFormation takes in rules alone.`);
    }
  }
}

/** Functions of values that no condition can have. https://github.com/aws-cloudformation/cfn-lint/issues/2019 */
const notInConditions = ['Fn::Base64', 'Fn::GetStackOutput', 'Fn::If'];

function namesIn(value: unknown): string[] {
  return referencesIn(value).map(({ name }) => name);
}

function checkConditionNames(owner: string, value: unknown, conditions: Template['conditions']): void {
  for (const argument of callsIn(value, 'Fn::If')) {
    checkCondition(owner, String((argument as readonly unknown[])[0]), conditions);
  }
}

function checkCondition(owner: string, name: string | undefined, conditions: Template['conditions']): void {
  if (name === undefined || Object.hasOwn(conditions, name)) return;
  throw new TemplateError(`${owner} has the condition "${name}", which the template does not have.`);
}

/** The arguments of the calls of a function within a value. */
function callsIn(value: unknown, name: string): unknown[] {
  if (Array.isArray(value)) return value.flatMap((entry) => callsIn(entry, name));
  if (!isObject(value)) return [];
  const call = intrinsicCall(value);
  const within = Object.values(value).flatMap((entry) => callsIn(entry, name));
  return call?.name === name ? [call.argument, ...within] : within;
}
