import { isObject } from '../../../util/json';
import { intrinsicCall } from './intrinsic-call';
import { namesIn, substitutionIn } from './substitution';

/** A name that a value refers to: by `Ref`, or with an attribute by `Fn::GetAtt`. */
export interface Reference {
  readonly name: string;
  readonly attribute?: string;
}

/**
 * What a value refers to: resources, parameters and pseudo parameters.
 *
 * @param value - of a template, so that each call in it has the form of its function
 * @param isTrue - decides a condition by its name: of an Fn::If only the branch that counts is searched. @default - both are
 */
export function referencesIn(value: unknown, isTrue?: (condition: string) => boolean): Reference[] {
  if (Array.isArray(value)) return value.flatMap((entry) => referencesIn(entry, isTrue));
  if (!isObject(value)) return [];
  const call = intrinsicCall(value);
  switch (call?.name) {
    case 'Ref':
      return [{ name: String(call.argument) }];
    case 'Fn::GetAtt':
      return attributeOf([call.argument].flat());
    case 'Fn::If':
      return branchesOf(call.argument as readonly unknown[], isTrue).flatMap((branch) => referencesIn(branch, isTrue));
    case 'Fn::Sub': {
      const substitution = substitutionIn(call.argument)!;
      return [...namesIn(substitution).map(substituted), ...referencesIn(substitution.variables, isTrue)];
    }
    default:
      return Object.values(value).flatMap((entry) => referencesIn(entry, isTrue));
  }
}

function branchesOf([condition, ...branches]: readonly unknown[], isTrue?: (condition: string) => boolean): unknown[] {
  return isTrue ? [branches[isTrue(String(condition)) ? 0 : 1]] : branches;
}

/** The attribute's name can be a Ref to a parameter: then it is not known yet. */
function attributeOf(path: readonly unknown[]): Reference[] {
  if (path.every((part) => typeof part === 'string')) return [attributeIn(path.join('.'))];
  return [{ name: String(path[0]) }, ...path.slice(1).flatMap((part) => referencesIn(part))];
}

/** A policy variable has dots of its own. */
function substituted(name: string): Reference {
  return looksLikeVariable(name) ? { name } : attributeIn(name);
}

function attributeIn(path: string): Reference {
  const dot = path.indexOf('.');
  return dot < 0 ? { name: path } : { name: path.slice(0, dot), attribute: path.slice(dot + 1) };
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
const pseudoParameters = new Set(
  ['AccountId', 'NotificationARNs', 'NoValue', 'Partition', 'Region', 'StackId', 'StackName', 'URLSuffix'].map(
    (name) => `AWS::${name}`,
  ),
);

/** Whether a name is that of a pseudo parameter, such as `AWS::Region`. */
export function isPseudoParameter(name: string): boolean {
  return pseudoParameters.has(name);
}

/** How a policy variable is written in an Fn::Sub, for a name that looks like one and is no resource's: a sentence, or nothing. */
export function hintFor(name: string): string {
  return looksLikeVariable(name) ? ` In an Fn::Sub, a policy variable is written as in "\${!iot:ClientId}".` : '';
}

/** Whether a name looks like a variable of an AWS IoT policy, such as `iot:ClientId`. */
function looksLikeVariable(name: string): boolean {
  return /^([\w-]+|cognito-identity\.amazonaws\.com):(?!:)/.test(name);
}
