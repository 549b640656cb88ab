import fc from 'fast-check';
import { answersOf, policyCases } from './random-policies';

/**
 * Asks both evaluators of policies about random policies, requests and connections.
 *
 * @returns how many of the requests are allowed
 * @throws Error with the smallest case that was found on which the two differ
 */
export function compareEvaluators(cases: number, seed: number): number {
  let allowed = 0;
  const property = fc.property(policyCases, (policyCase) => {
    const { plain, own } = answersOf(policyCase);
    allowed += plain ? 1 : 0;
    if (own === plain) return;
    throw new Error(`IoT Core Local ${own ? 'allows' : 'denies'} it, and the plain evaluator does not.`);
  });
  fc.assert(property, { seed, numRuns: cases });
  return allowed;
}
