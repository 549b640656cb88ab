import { isDeepStrictEqual } from 'node:util';
import { isObject } from './intrinsic-call';
import type { Evaluation } from './scope';

/** The functions that a condition can have. */
export const conditionFunctions = ['Condition', 'Fn::Equals', 'Fn::Not', 'Fn::And', 'Fn::Or', 'Fn::Contains'] as const;

/**
 * Decides a condition: `{ "Fn::Equals": […] }`, `{ "Condition": "IsProd" }` and so on.
 *
 * @throws TemplateError if a function is unknown or has a wrong argument
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference-conditions.html
 */
export function decide(source: unknown, evaluation: Evaluation): boolean {
  const [name, ...more] = isObject(source) ? Object.keys(source) : [];
  if (!isObject(source) || name === undefined || more.length > 0) {
    return evaluation.fail('is not one function, such as Fn::Equals');
  }
  const argument = source[name];
  switch (name) {
    case 'Condition':
      return evaluation.scope.condition(String(argument));
    case 'Fn::Equals': {
      const [left, right] = operands(name, argument, evaluation, { least: 2, most: 2 }).map((operand) =>
        evaluation.value(operand),
      );
      return isDeepStrictEqual(comparable(left), comparable(right));
    }
    case 'Fn::Not':
      return !operands(name, argument, evaluation, { least: 1, most: 1 }).some((operand) =>
        decide(operand, evaluation),
      );
    case 'Fn::And':
      return operands(name, argument, evaluation, { least: 2, most: 10 }).every((operand) =>
        decide(operand, evaluation),
      );
    case 'Fn::Or':
      return operands(name, argument, evaluation, { least: 2, most: 10 }).some((operand) =>
        decide(operand, evaluation),
      );
    case 'Fn::Contains': {
      const [list, value] = operands(name, argument, evaluation, { least: 2, most: 2 }).map((operand) =>
        evaluation.value(operand),
      );
      return Array.isArray(list) && list.map(comparable).includes(comparable(value));
    }
    default:
      return evaluation.fail(`uses ${name}, which IoT Core Local does not evaluate in a condition`);
  }
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
