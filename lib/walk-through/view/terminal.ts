/** What the output can show. */
export interface Terminal {
  /** Columns. @default - the output is not a terminal */
  readonly columns?: number;
  /** Whether it understands ANSI escape sequences for color. */
  readonly color: boolean;
  /** Whether it has characters beyond ASCII. */
  readonly unicode: boolean;
}

type Output = Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>;

/** What an output can show, as far as the environment says. */
export function terminalOf(
  output: Partial<Output>,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): Terminal {
  // A terminal that does not know its size, such as a serial line, reports 0 columns. Such terminals have 80.
  const columns = output.isTTY ? output.columns || 80 : undefined;
  return { columns, color: wantsColor(output, env), unicode: hasUnicode(env, platform) };
}

/** FORCE_COLOR comes first, as in Node.js itself. See https://force-color.org and https://no-color.org. */
function wantsColor({ isTTY }: Partial<Output>, { FORCE_COLOR, NO_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (FORCE_COLOR !== undefined) return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return Boolean(isTTY) && !NO_COLOR && TERM !== 'dumb';
}

/** By the locale, in the order of POSIX. Windows has no such variables, and the font of the Linux console has few characters. */
function hasUnicode({ LC_ALL, LC_CTYPE, LANG, TERM }: NodeJS.ProcessEnv, platform: NodeJS.Platform): boolean {
  if (TERM === 'linux') return false;
  if (platform === 'win32') return true;
  return /utf-?8/i.test(LC_ALL || LC_CTYPE || LANG || '');
}

const replacements: Readonly<Record<string, string>> = {
  '─': '-',
  '●': '*',
  '○': 'o',
  '×': 'x',
  '█': '#',
  '✓': '+',
  '✗': '!',
  '…': '~',
  '·': '.',
};

/** A line in ASCII, with as many columns. */
export function asciiOf(line: string): string {
  return line.replace(/[^\p{ASCII}]/gu, (character) => replacements[character] ?? '?');
}
