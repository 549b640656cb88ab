// biome-ignore lint/suspicious/noControlCharactersInRegex: an ANSI escape sequence begins with a control character.
const escapes = /\u001b\[\d+m/g;

/** Breaks a text at spaces into lines of at most `columns` columns. All lines but the first are indented by two. */
export function wrap(text: string, columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/(?<=\S)(?= )/)) {
    if (line && visible(line + word) > columns) {
      lines.push(line);
      line = `  ${word.trimStart()}`;
    } else {
      line += word;
    }
  }
  return [...lines, line];
}

function visible(text: string): number {
  return [...text.replace(escapes, '')].length;
}
