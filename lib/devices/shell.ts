/** The shells that a command can be printed for; `bash` is for every POSIX shell. */
export const shells = ['bash', 'powershell'] as const;

export type Shell = (typeof shells)[number];

interface Syntax {
  /** A word that the shell hands on as it stands, `$share` and all. */
  quote(word: string): string;
  /** What ends a line that goes on in the next. */
  readonly continuation: string;
  /** The command that writes a file to its output. */
  readonly read: string;
}

const syntaxes: Record<Shell, Syntax> = {
  bash: {
    // POSIX 2.2.2: nothing is special within single quotes, and so a single quote cannot be there.
    quote: (word) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`),
    continuation: ' \\',
    read: 'cat',
  },
  powershell: {
    // about_Quoting_Rules: a quote within single quotes is doubled; PowerShell takes the typographic ones for quotes too.
    quote: (word) => (/^[\w/][\w./-]*$/.test(word) ? word : `'${word.replace(/['\u2018-\u201B]/g, '$&$&')}'`),
    continuation: ' `',
    read: 'Get-Content',
  },
};

export function syntaxOf(shell: Shell): Syntax {
  return syntaxes[shell];
}
