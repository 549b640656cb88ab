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
}

const syntaxes: Record<Shell, Syntax> = {
  bash: {
    // POSIX 2.2.2: no character is special within single quotes, so a single quote cannot stand there.
    quote: (word) => (/^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`),
    continuation: ' \\',
    read: 'cat',
  },
  powershell: {
    // about_Quoting_Rules: a quote within single quotes is doubled. PowerShell treats typographic quotes as quotes, too.
    quote: (word) => (/^[\w/][\w./-]*$/.test(word) ? word : `'${word.replace(/['\u2018-\u201B]/g, '$&$&')}'`),
    continuation: ' `',
    read: 'Get-Content',
  },
};

export function syntaxOf(shell: Shell): Syntax {
  return syntaxes[shell];
}
