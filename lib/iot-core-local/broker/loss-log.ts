import { grouped, megabytes } from '../../util/format';
import type { Log } from '../log';
import type { Bound } from './bound';

/** Why a message does not reach a receiver, or is not retained. */
export type Loss = keyof typeof sentences;

/** A receiver of messages, as the log names it: `"car1"`, or `the group "$share/group2/cars/data"`. */
export interface Receiver {
  readonly logName: string;
}

/** What the log says of one receiver, and of further receivers together. */
const sentences = {
  queueFull: (name: string, count: number) => `The queue for ${name} is full: ${messages(count, ' QoS 1')} dropped.`,
  allQueuesFull: (name: string, count: number, queued: Bound) =>
    `All queues together are full, at ${messages(queued.messages)} or ${megabytes(queued.bytes)}: ${messages(count, ' QoS 1')} for ${name} dropped.`,
  slow: (name: string, count: number) => `Receiver too slow: ${messages(count, ' QoS 0')} for ${name} dropped.`,
  tooLarge: (name: string, count: number) => `Packet too large: ${messages(count)} for ${name} dropped.`,
  denied: (name: string, count: number) => `No right to receive: ${messages(count)} for ${name} dropped.`,
  notRetained: (_name: string, count: number) =>
    `The limit of retained messages is reached: ${messages(count)} not retained.`,
};

/** The number of receivers that are named for one reason at a time. */
const namedReceivers = 20;

/**
 * Counts the messages that are lost, by reason and receiver, and logs the numbers once a second.
 *
 * Their sum is the number of messages that were lost. The number of lines is bounded: receivers beyond the bound share one line.
 */
export class LossLog {
  private readonly counts = new Map<Loss, Map<Receiver, number>>();

  /** @param queued - the bound of all queues together */
  constructor(
    private readonly log: Log,
    private readonly queued: Bound,
  ) {}

  add(reason: Loss, receiver: Receiver): void {
    let receivers = this.counts.get(reason);
    if (!receivers) {
      receivers = new Map();
      this.counts.set(reason, receivers);
    }
    receivers.set(receiver, (receivers.get(receiver) ?? 0) + 1);
  }

  /** Logs the losses since the last call. */
  flush(): void {
    for (const [reason, receivers] of this.counts) {
      const losses = [...receivers];
      for (const [{ logName }, count] of losses.slice(0, namedReceivers)) {
        this.warn(this.sentence(reason, logName, count));
      }
      const others = losses.slice(namedReceivers);
      if (others.length === 0) continue;
      const sum = others.reduce((total, [, count]) => total + count, 0);
      this.warn(this.sentence(reason, `${grouped(others.length)} other receivers`, sum));
    }
    this.counts.clear();
  }

  private sentence(reason: Loss, name: string, count: number): string {
    return sentences[reason](name, count, this.queued);
  }

  private warn(message: string): void {
    this.log({ level: 'warn', message });
  }
}

/** "1 QoS 1 message", "3 messages". */
function messages(count: number, kind = ''): string {
  return `${grouped(count)}${kind} ${count === 1 ? 'message' : 'messages'}`;
}
