/** An integer from 0 to below the limit. */
export type Random = (limit: number) => number;

/** Integers that are the same for the same seed. */
export function randomIntegers(seed: number): Random {
  const next = mulberry32(seed);
  return (limit) => next() % limit;
}

/** Numbers from 0 to below 1 that are the same for the same seed. */
export function randomNumbers(seed: number): () => number {
  const next = mulberry32(seed);
  return () => next() / 4_294_967_296;
}

/** One of the items. */
export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)];
}

/** The mulberry32 generator: integers of 32 bits. */
function mulberry32(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}
