/** What IoT Core Local tells: a sentence, without keys, payloads or passwords. */
export interface LogEntry {
  /** An error is IoT Core Local's own; what a client does wrong is a warning. */
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
}

export type Log = (entry: LogEntry) => void;

/** Shows the characters by which a client's text could command a terminal, where JSON leaves them as they are. */
export function escapingLog(log: Log): Log {
  return ({ level, message }) => log({ level, message: message.replace(commanding, escapeCharacter) });
}

/** DEL and the C1 control characters, those that turn the direction of writing, and two that end a line. */
const commanding = /[\u007f-\u009f\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
