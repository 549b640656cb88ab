/** An integer from 0 to below the limit. */
export type Random = (limit: number) => number;

/** The mulberry32 generator. */
export function randomIntegers(seed: number): Random {
  let state = seed;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % limit;
  };
}

export function pick<Item>(random: Random, items: readonly Item[]): Item {
  return items[random(items.length)];
}
