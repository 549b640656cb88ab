/**
 * The candidate that a mistyped text most likely means.
 *
 * @param text - compared without regard to case
 * @returns undefined if no candidate is close: at most a third of its characters may differ
 */
export function closest(text: string, candidates: Iterable<string>): string | undefined {
  let best: { candidate: string; distance: number } | undefined;
  for (const candidate of candidates) {
    const distance = editDistance(text.toLowerCase(), candidate.toLowerCase());
    if (distance * 3 <= candidate.length && (!best || distance < best.distance)) best = { candidate, distance };
  }
  return best?.candidate;
}

/** ` Did you mean "X"?`, or nothing if no candidate is close to the text. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const candidate = closest(text, candidates);
  return candidate === undefined ? '' : ` Did you mean "${candidate}"?`;
}

/** The Levenshtein distance: how many characters are inserted, deleted or replaced. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= to.length; j += 1) {
      const replaced = row[j - 1] + (from[i - 1] === to[j - 1] ? 0 : 1);
      next.push(Math.min(replaced, row[j] + 1, next[j - 1] + 1));
    }
    row = next;
  }
  return row[to.length];
}
