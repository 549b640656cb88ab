/** The most levels of lists and objects within one another. Nobody needs more, and many more would exhaust the call stack. */
const mostLevels = 200;

/**
 * Parses JSON that somebody else wrote.
 *
 * @throws SyntaxError if it is not JSON; RangeError as {@link checkDepth} does
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  checkDepth(value);
  return value;
}

/**
 * Checks that what somebody else wrote, in JSON or YAML, has at most 200 levels of lists and objects within one another.
 *
 * @throws RangeError if it has more. Its message lacks its subject: `has more than 200 levels of lists and objects`
 */
export function checkDepth(value: unknown): void {
  if (isNestedTooDeeply(value)) throw new RangeError(`has more than ${mostLevels} levels of lists and objects`);
}

/** Whether a value is a JSON object: no list, and not null. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * A key that an object has twice. JSON.parse takes the last one without a word, so that half of what somebody wrote would be lost.
 *
 * @param text - JSON
 * @returns undefined if there is none
 */
export function duplicateKey(text: string): string | undefined {
  /** The keys of the objects that are open; undefined for a list. */
  const open: (Set<string> | undefined)[] = [];
  for (const [token, , colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*(:)?)|[{}[\]]/g)) {
    if (token === '{') {
      open.push(new Set());
    } else if (token === '[') {
      open.push(undefined);
    } else if (token === '}' || token === ']') {
      open.pop();
    } else if (colon) {
      const key: string = JSON.parse(token.slice(0, token.lastIndexOf('"') + 1));
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}

function isNestedTooDeeply(value: unknown, level = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return level >= mostLevels || Object.values(value).some((entry) => isNestedTooDeeply(entry, level + 1));
}
