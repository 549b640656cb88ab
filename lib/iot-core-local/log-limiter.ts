import { grouped } from '../util/format';
import type { Log, LogEntry } from './log';

/** Lines in a second. */
export interface LogLimits {
  /** Apart from errors of IoT Core Local itself. */
  readonly all: number;
  /** Of one subject, so that a noisy client leaves room for the others. */
  readonly subject: number;
}

export const defaultLogLimits: LogLimits = { all: 300, subject: 100 };

/** For a log that nobody keeps: whoever reads it looks for one line. */
export const noLogLimits: LogLimits = { all: Number.POSITIVE_INFINITY, subject: Number.POSITIVE_INFINITY };

/** Subjects that are counted apart in a second; further ones are counted together. */
const countedSubjects = 1000;

/** Subjects that a summary names. */
const namedSubjects = 3;

/** Milliseconds. */
const interval = 1000;

interface Count {
  written: number;
  leftOut: number;
}

/**
 * Limits what a log grows by, whatever clients do. Lines beyond the limit are counted, and a summary once a second says how many were left
 * out, and of whom: with it, the numbers add up to all entries.
 *
 * The subject of an entry is the client whose quoted id it begins with, or else its text before the first name or colon.
 */
export class LogLimiter {
  private begunAt = Number.NEGATIVE_INFINITY;
  private written = 0;
  private leftOut = 0;
  private readonly subjects = new Map<string, Count>();
  private timer?: NodeJS.Timeout;

  /** @param now - milliseconds that never go back */
  constructor(
    private readonly target: Log,
    private readonly now: () => number,
    private readonly limits = defaultLogLimits,
  ) {}

  readonly log: Log = (entry) => {
    this.beginSecond();
    const count = this.countOf(entry);
    const isError = entry.level === 'error';
    if (count.written >= this.limits.subject || (!isError && this.written >= this.limits.all)) {
      count.leftOut += 1;
      this.leftOut += 1;
      this.timer ??= setTimeout(() => this.flush(), interval).unref();
      return;
    }
    count.written += 1;
    if (!isError) this.written += 1;
    this.target(entry);
  };

  /** Writes the summary of the lines that were left out, if there are any. */
  flush(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.leftOut === 0) return;
    const counts = [...this.subjects].filter(([, { leftOut }]) => leftOut > 0);
    counts.sort(([, one], [, other]) => other.leftOut - one.leftOut);
    const parts = counts.slice(0, namedSubjects).map(([subject, { leftOut }]) => `${grouped(leftOut)} of ${subject}`);
    const others = counts.slice(namedSubjects).reduce((sum, [, { leftOut }]) => sum + leftOut, 0);
    if (others > 0) parts.push(`${grouped(others)} of others`);
    const lines = this.leftOut === 1 ? 'line was' : 'lines were';
    this.target({ level: 'warn', message: `${grouped(this.leftOut)} further ${lines} left out: ${parts.join(', ')}.` });
    this.leftOut = 0;
    for (const count of this.subjects.values()) count.leftOut = 0;
  }

  private beginSecond(): void {
    const now = this.now();
    if (now - this.begunAt < interval) return;
    this.flush();
    this.begunAt = now;
    this.written = 0;
    this.subjects.clear();
  }

  private countOf(entry: LogEntry): Count {
    const own = subjectOf(entry);
    const subject = this.subjects.has(own) || this.subjects.size < countedSubjects ? own : 'further subjects';
    let count = this.subjects.get(subject);
    if (!count) {
      count = { written: 0, leftOut: 0 };
      this.subjects.set(subject, count);
    }
    return count;
  }
}

function subjectOf({ level, message }: LogEntry): string {
  if (level === 'error') return 'errors of IoT Core Local';
  const [client] = /^"(?:[^"\\]|\\.)*"/.exec(message) ?? [];
  return client ?? `"${message.slice(0, 64).split(/[:"]/, 1)[0].trim()}"`;
}
