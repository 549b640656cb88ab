/** What the stand-in tells: a sentence, without keys, payloads or passwords. */
export interface LogEntry {
  /** An error is the stand-in's own; what a client does wrong is a warning. */
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export type Log = (entry: LogEntry) => void;
