/** The shells that a command can be printed for. `bash` means any POSIX shell. */
export const shells = ['bash', 'powershell'] as const;

export type Shell = (typeof shells)[number];

interface Syntax {
  /** A word that the shell passes on unchanged, with `$share` in it too. */
  quote(word: string): string;
  /** The end of a line that continues on the next. */
  readonly continuation: string;
  /** The command that writes a file to its output. */
  readonly read: string;
  /** The command that sets a variable of the environment. */
  set(name: string, value: string): string;
  /** The command that removes a variable from the environment. */
  unset(name: string): string;
}

// POSIX 2.2.2: no character is special within single quotes, so a single quote cannot stand there.
const quoteForBash = (word: string) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

// about_Quoting_Rules: a quote within single quotes is doubled. PowerShell takes the typographic single quotes as quotes too.
const quoteForPowerShell = (word: string) =>
  /^[\w/][\w./-]*$/.test(word) ? word : `'${word.replace(/['\u2018-\u201B]/g, '$&$&')}'`;

const syntaxes: Record<Shell, Syntax> = {
  bash: {
    quote: quoteForBash,
    continuation: ' \\',
    read: 'cat',
    set: (name, value) => `export ${name}=${quoteForBash(value)}`,
    unset: (name) => `unset ${name}`,
  },
  powershell: {
    quote: quoteForPowerShell,
    continuation: ' `',
    read: 'Get-Content',
    // In an expression a word without quotes would be a command.
    set: (name, value) => `$env:${name} = '${value.replace(/['\u2018-\u201B]/g, '$&$&')}'`,
    unset: (name) => `Remove-Item Env:${name} -ErrorAction SilentlyContinue`,
  },
};

/** How a shell writes words and commands. */
export function syntaxOf(shell: Shell): Syntax {
  return syntaxes[shell];
}
