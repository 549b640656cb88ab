import { isObject } from '../../../util/json';
import { evaluateCondition } from './condition-functions';
import type { Evaluation } from './scope';
import { TemplateError, UnavailableValueError } from './template-error';

/**
 * Checks the rules of a template, which are assertions about its parameters.
 *
 * A rule about an SSM parameter is not checked, because only AWS has the value. The CDK's own rule on the version of the bootstrap stack
 * is one of these.
 *
 * @throws TemplateError if an assertion does not hold
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/rules-section-structure.html
 */
export function checkRules(rules: Readonly<Record<string, unknown>>, evaluation: Evaluation): void {
  for (const [name, rule] of Object.entries(rules)) {
    try {
      checkRule(name, rule, evaluation);
    } catch (error) {
      if (!(error instanceof UnavailableValueError)) throw error;
    }
  }
}

function checkRule(name: string, rule: unknown, evaluation: Evaluation): void {
  if (!isObject(rule) || !Array.isArray(rule.Assertions)) {
    throw new TemplateError(`The rule "${name}" has no list of Assertions.`);
  }
  if (rule.RuleCondition !== undefined && !evaluateCondition(rule.RuleCondition, evaluation)) return;
  for (const assertion of rule.Assertions) {
    if (!isObject(assertion)) throw new TemplateError(`An assertion of the rule "${name}" is not an object.`);
    if (!evaluateCondition(assertion.Assert, evaluation)) {
      throw new TemplateError(
        `The rule "${name}" does not hold: ${assertion.AssertDescription ?? 'it has no description'}`,
      );
    }
  }
}
