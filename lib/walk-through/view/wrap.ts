// biome-ignore lint/suspicious/noControlCharactersInRegex: an ANSI escape sequence begins with a control character.
const escapes = /\u001b\[\d+m/g;

// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const tokens = /\u001b\[\d+m|./gsu;

/**
 * Breaks a text at spaces into lines of at most `columns` columns, and within a word that is longer than that. All lines but the first
 * are indented by two.
 */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  const add = (word: string) => {
    if (line.trim() && visible(line + word) > columns) {
      lines.push(line);
      line = `  ${word.trimStart()}`;
    } else {
      line += word;
    }
  };
  for (const word of text.split(/(?<=\S)(?= )/)) {
    for (const part of parts(word, columns - 2)) add(part);
  }
  return [...lines, line];
}

/** A word in parts that fit a line. Escape sequences take no columns. */
function parts(word: string, longest: number): string[] {
  if (visible(word) <= longest) return [word];
  const all: string[] = [];
  let part = '';
  for (const token of word.match(tokens) ?? []) {
    if (visible(part + token) > Math.max(1, longest)) {
      all.push(part);
      part = '';
    }
    part += token;
  }
  return [...all, part];
}

function visible(text: string): number {
  return [...text.replace(escapes, '')].length;
}
