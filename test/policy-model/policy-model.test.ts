import { compareEvaluators } from './compare';

const seed = 20_261_126;
const runs = 2000;

test(`A second, plain evaluator agrees about ${runs} random policies, requests and connections (seed ${seed})`, () => {
  const allowed = compareEvaluators(runs, seed);
  // Were either answer rare, the two would agree about little.
  expect(allowed).toBeGreaterThan(runs / 10);
  expect(allowed).toBeLessThan((runs * 9) / 10);
});
