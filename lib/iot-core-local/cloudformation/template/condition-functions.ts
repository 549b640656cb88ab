import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../../util/json';
import type { Evaluation } from './scope';

/** Decides a call of one function. @throws TemplateError if the argument is wrong, or a value is missing */
type ConditionFunction = (argument: unknown, evaluation: Evaluation) => boolean;

/**
 * The functions that a condition can have, by name.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export const conditionFunctions: Readonly<Record<string, ConditionFunction>> = {
  Condition: (argument, evaluation) => evaluation.scope.condition(String(argument)),
  'Fn::Equals'(argument, evaluation) {
    const [left, right] = values('Fn::Equals', argument, evaluation);
    return isDeepStrictEqual(comparable(left), comparable(right));
  },
  'Fn::Not': (argument, evaluation) =>
    !operands('Fn::Not', argument, evaluation, { least: 1, most: 1 }).some((operand) =>
      evaluateCondition(operand, evaluation),
    ),
  'Fn::And': (argument, evaluation) =>
    operands('Fn::And', argument, evaluation, { least: 2, most: 10 }).every((operand) =>
      evaluateCondition(operand, evaluation),
    ),
  'Fn::Or': (argument, evaluation) =>
    operands('Fn::Or', argument, evaluation, { least: 2, most: 10 }).some((operand) =>
      evaluateCondition(operand, evaluation),
    ),
  'Fn::Contains'(argument, evaluation) {
    const [list, value] = values('Fn::Contains', argument, evaluation);
    return Array.isArray(list) && list.map(comparable).includes(comparable(value));
  },
};

/**
 * Decides a condition: `{ "Fn::Equals": […] }`, `{ "Condition": "IsProd" }` and so on.
 *
 * @throws TemplateError if a function is unknown or has a wrong argument
 */
export function evaluateCondition(source: unknown, evaluation: Evaluation): boolean {
  const [name, ...more] = isObject(source) ? Object.keys(source) : [];
  if (!isObject(source) || name === undefined || more.length > 0) {
    return evaluation.fail('is not one function, such as Fn::Equals');
  }
  if (!Object.hasOwn(conditionFunctions, name)) {
    return evaluation.fail(`uses ${name}, which IoT Core Local does not evaluate in a condition`);
  }
  return conditionFunctions[name](source[name], evaluation);
}

/** The evaluated operands of a function of two. */
function values(name: string, argument: unknown, evaluation: Evaluation): unknown[] {
  return operands(name, argument, evaluation, { least: 2, most: 2 }).map((operand) => evaluation.value(operand));
}

function operands(
  name: string,
  argument: unknown,
  evaluation: Evaluation,
  { least, most }: { least: number; most: number },
) {
  if (Array.isArray(argument) && argument.length >= least && argument.length <= most) return argument as unknown[];
  const count = least === most ? String(least) : `${least} to ${most}`;
  return evaluation.fail(`has an ${name} that is not a list of ${count} operand${most === 1 ? '' : 's'}`);
}

/** CloudFormation compares numbers and booleans as texts. */
function comparable(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(comparable);
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
}
