/** The most levels of lists and objects within one another. What has more is nobody's request, and would exhaust the call stack. */
const mostLevels = 200;

/**
 * Parses JSON that somebody else wrote.
 *
 * @throws SyntaxError if it is no JSON; RangeError, its message a clause, if it is nested too deeply
 */
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  if (isNestedTooDeeply(value)) throw new RangeError(`it has more than ${mostLevels} levels`);
  return value;
}

/** Whether a value has more levels of lists and objects than anybody needs. */
function isNestedTooDeeply(value: unknown, level = 0): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return level >= mostLevels || Object.values(value).some((entry) => isNestedTooDeeply(entry, level + 1));
}
