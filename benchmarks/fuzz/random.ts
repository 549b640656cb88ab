import { seededIntegers } from '../random';

/** An integer from 0 to below the limit. */
export type Random = (limit: number) => number;

/** The same for the same seed. */
export function randomIntegers(seed: number): Random {
  const next = seededIntegers(seed);
  return (limit) => next() % limit;
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)];
}
