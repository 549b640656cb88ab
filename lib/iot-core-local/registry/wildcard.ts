const anyNumber = Symbol('*');
const anyOne = Symbol('?');

/** What stands for a literal character in a pattern. MQTT allows no U+0000 in a text [MQTT-1.5.4-2], and a policy has none. */
const masks: Readonly<Record<string, string>> = { '*': '\u0000a', '?': '\u0000b', ':': '\u0000c' };

/** Makes a text part of a pattern: its own `*` and `?` are then no wildcards, and its own `:` separates no parts of an ARN. */
export function mask(literal: string): string {
  return literal.replace(/[*?:]/g, (character) => masks[character]);
}

/** The text that a pattern without wildcards stands for. */
export function unmask(pattern: string): string {
  if (!pattern.includes('\u0000')) return pattern;
  return pattern.replaceAll(masks['*'], '*').replaceAll(masks['?'], '?').replaceAll(masks[':'], ':');
}

/**
 * A test whether a text matches a pattern, in which `*` is any number of characters and `?` is one.
 *
 * Its time grows at most with the product of both lengths. A regular expression's time can double with each `*`, so a client could block
 * the process with a chosen topic.
 */
export function wildcard(pattern: string): (text: string) => boolean {
  if (!/[*?]/.test(pattern)) {
    const literal = unmask(pattern);
    return (text) => text === literal;
  }
  const tokens = tokensOf(pattern);
  return (text) => fits([...text], tokens);
}

type Token = string | typeof anyNumber | typeof anyOne;

function tokensOf(pattern: string): Token[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a mask begins with one.
  return [...pattern.matchAll(/\u0000[abc]|./gsu)].map(([text]) => {
    if (text === '*') return anyNumber;
    if (text === '?') return anyOne;
    return unmask(text);
  });
}

/** Where a text does not match after a `*`, that `*` takes one more character. An earlier `*` never has to. */
function fits(characters: readonly string[], tokens: readonly Token[]): boolean {
  let [at, token] = [0, 0];
  let afterStar: { at: number; token: number } | undefined;
  while (at < characters.length) {
    if (tokens[token] === anyNumber) {
      token += 1;
      afterStar = { at, token };
    } else if (tokens[token] === anyOne || tokens[token] === characters[at]) {
      at += 1;
      token += 1;
    } else if (afterStar) {
      afterStar.at += 1;
      ({ at, token } = afterStar);
    } else {
      return false;
    }
  }
  return tokens.slice(token).every((rest) => rest === anyNumber);
}
