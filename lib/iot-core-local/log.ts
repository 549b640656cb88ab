import { escapeControls, escapeControlsInLines } from '../util/escape-controls';

/** An entry of IoT Core Local's log: a sentence, without keys, payloads or passwords. */
export interface LogEntry {
  /** An error is IoT Core Local's own fault; a client's fault is a warning. */
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export type Log = (entry: LogEntry) => void;

/** A log whose entries are safe to print. Each is one line; only an error of IoT Core Local itself has more, for its stack trace. */
export function printableLog(log: Log): Log {
  return ({ level, message }) =>
    log({ level, message: level === 'error' ? escapeControlsInLines(message) : escapeControls(message) });
}
