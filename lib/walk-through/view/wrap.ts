// biome-ignore lint/suspicious/noControlCharactersInRegex: an ANSI escape sequence begins with a control character.
const escapes = /\u001b\[\d+m/g;

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

/** A word that is too long for a line, in parts that are not. One with escape sequences stays whole: it is a short one of ours. */
function parts(word: string, longest: number): string[] {
  if (visible(word) <= longest || word !== word.replace(escapes, '')) return [word];
  return word.match(new RegExp(`.{1,${Math.max(1, longest)}}`, 'gsu')) ?? [word];
}

function visible(text: string): number {
  return [...text.replace(escapes, '')].length;
}
