import { grouped } from '../../lib/util/format';
import { compareEvaluators } from '../../test/policy-model/compare';

/**
 * Compares the two evaluators of policies.
 *
 * @returns a sentence
 * @throws Error as {@link compareEvaluators}
 */
export function fuzzPolicies(cases: number, seed: number): string {
  const allowed = compareEvaluators(cases, seed);
  return `Policies: ${grouped(cases)} requests, ${grouped(allowed)} of them allowed, no difference between the two evaluators.`;
}
