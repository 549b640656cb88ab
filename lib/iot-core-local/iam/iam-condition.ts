import { type QualifiedOperator, readOperator } from '../registry/condition-operators';
import type { AccessRequest } from './access-request';
import { malformedPolicy } from './iam-error';

/**
 * The condition keys that IoT Core Local knows, in AWS's spelling: those that a request here can have, and that the project's policies use.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const conditionKeys = ['iam:PassedToService', 'iot:thingArn'] as const;

/** One condition of a statement: an operator, a key, and the values of which one must fit. */
export class IamCondition {
  /** @throws IamError MalformedPolicyDocument that names what IoT Core Local does not know */
  static parse(operatorName: string, key: string, values: unknown): IamCondition {
    const operator = readOperator(operatorName);
    // The values of the known keys are texts and ARNs, one each.
    if (!operator || operator.qualifier !== undefined || !/^(String|Arn)/.test(operator.name)) {
      throw malformedPolicy(`IoT Core Local's IAM does not have the condition operator "${operatorName}".`);
    }
    const known = conditionKeys.find((candidate) => candidate.toLowerCase() === key.toLowerCase());
    if (known === undefined) throw malformedPolicy(`IoT Core Local's IAM does not have the condition key "${key}".`);
    if (Array.isArray(values) && values.length === 0) {
      throw malformedPolicy(`The condition key "${key}" has an empty list of values.`);
    }
    const texts = [values].flat().map((value) => {
      if (typeof value !== 'string') throw malformedPolicy(`The condition key "${key}" needs texts as values.`);
      if (value.includes('${')) {
        throw malformedPolicy(`IoT Core Local has no policy variables of IAM, as in "${value}".`);
      }
      if (operator.expects && !operator.expects.test(value)) {
        throw malformedPolicy(
          `The condition operator "${operatorName}" needs ${operator.expects.what}, not "${value}".`,
        );
      }
      return value;
    });
    return new IamCondition(operatorName, operator, known, texts);
  }

  private constructor(
    private readonly operatorName: string,
    private readonly operator: QualifiedOperator,
    private readonly key: string,
    private readonly values: readonly string[],
  ) {}

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html */
  holds({ keys = {} }: AccessRequest): boolean {
    const { compare, ifExists, isNegated } = this.operator;
    const value = Object.hasOwn(keys, this.key) ? keys[this.key] : undefined;
    if (value === undefined) return ifExists || isNegated;
    return this.values.some((expected) => compare(value, expected)) !== isNegated;
  }

  /** What is compared with what: a clause. */
  explain({ keys = {} }: AccessRequest): string {
    const wanted = this.values.map((value) => JSON.stringify(value)).join(' or ');
    const given = Object.hasOwn(keys, this.key) ? `is ${JSON.stringify(keys[this.key])}` : 'has no value';
    return `its condition ${this.operatorName} does not hold: ${this.key} ${given}, and the policy has ${wanted}`;
  }
}
