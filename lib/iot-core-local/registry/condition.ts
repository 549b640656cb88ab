import type { QualifiedOperator } from './condition-operators';
import type { PolicyContext } from './policy-context';
import type { PolicyPattern } from './policy-pattern';

/**
 * Whether something holds. Undefined if it cannot be decided, as AWS's pages do not say what AWS does: then an Allow does not apply, and
 * a Deny does.
 */
export type TruthValue = boolean | undefined;

/**
 * One condition of a statement: an operator, a key, and the values that the policy has.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */
export class Condition {
  constructor(
    /** As the policy spells it. */
    private readonly operatorName: string,
    private readonly operator: QualifiedOperator,
    private readonly key: string,
    private readonly expected: readonly PolicyPattern[],
  ) {}

  evaluate(context: PolicyContext): TruthValue {
    const { values, isUncertain } = context.key(this.key);
    const truth = this.truthFor(values, context);
    return isUncertain && truth !== this.truthFor([], context) ? undefined : truth;
  }

  /** Says that the condition does not hold, and what it compares with what: a clause. */
  explain(context: PolicyContext): string {
    const { values, absence } = context.key(this.key);
    const wanted =
      this.expected.length === 0 ? 'no value' : this.expected.map(({ source }) => JSON.stringify(source)).join(' or ');
    const given =
      values.length === 0
        ? `has no value, as ${absence}`
        : `is ${values.map((value) => JSON.stringify(value)).join(' and ')}`;
    const verdict = this.evaluate(context) === false ? 'does not hold' : 'cannot be decided';
    return `its condition ${this.operatorName} ${verdict}: ${this.key} ${given}, and the policy has ${wanted}`;
  }

  private truthFor(values: readonly string[], context: PolicyContext): TruthValue {
    const { qualifier, ifExists, isNegated, isNull } = this.operator;
    if (isNull) return this.holds(String(values.length === 0), context);
    if (values.length === 0) {
      if (ifExists || qualifier === 'forallvalues') return true;
      return qualifier === 'foranyvalue' ? false : isNegated;
    }
    const truths = new Set(values.map((value) => this.holds(value, context)));
    if (qualifier === 'forallvalues') return every(truths);
    if (qualifier === 'foranyvalue') return some(truths);
    // AWS does not say what an operator without a qualifier does with several values.
    return truths.size === 1 ? [...truths][0] : undefined;
  }

  /** Whether one value of the request fits any value of the policy or, negated, none of them. */
  private holds(value: string, context: PolicyContext): TruthValue {
    const { compare, isNegated } = this.operator;
    let isClear = true;
    for (const pattern of this.expected) {
      const expected = pattern.resolve(context);
      const fits = expected === undefined ? undefined : compare(value, expected);
      if (fits) return !isNegated;
      isClear &&= fits !== undefined;
    }
    // What cannot be compared matches nothing. Whether it then counts as different, AWS does not say.
    if (!isNegated) return false;
    return isClear ? true : undefined;
  }
}

/** Whether all hold. */
export function every(truths: ReadonlySet<TruthValue>): TruthValue {
  if (truths.has(false)) return false;
  return truths.has(undefined) ? undefined : true;
}

/** Whether at least one holds. */
function some(truths: ReadonlySet<TruthValue>): TruthValue {
  if (truths.has(true)) return true;
  return truths.has(undefined) ? undefined : false;
}
