import type { Clock } from './clients/pacer';
import type { WorkOptions } from './clients/working-client';

export interface WorkerOptions {
  /** Milliseconds that it takes for a message. @default 0 */
  readonly workTime?: number;
  /** How many QoS 1 messages it takes before it acknowledges one; MQTT 5 only. @default - as many as the server wants */
  readonly receiveMaximum?: number;
  /** Called for each message as it comes in. */
  readonly onMessage?: (message: string) => void;
  /** Called when it is done with a message and has not acknowledged it yet. */
  readonly onDone?: () => void;
}

/** What a worker reports, and asks for. */
interface Surroundings {
  held(message: string): void;
  done(message: string, topic: string): void;
  isProbe(message: string): boolean;
  cut(): void;
}

/** A subscriber that takes time for its messages: which of them it has, and which it has done. */
export class Worker {
  /** When it finished its last message, in milliseconds. */
  doneAt = 0;
  /** The messages in the order in which they came. The first ones are done. */
  private readonly messages: string[] = [];
  private doneCount = 0;
  private isStalled = false;

  constructor(
    private readonly clock: Clock,
    private readonly choice: WorkerOptions,
    private readonly surroundings: Surroundings,
  ) {}

  /** How its client is to work. */
  get options(): WorkOptions {
    return {
      receiveMaximum: this.choice.receiveMaximum,
      onMessage: (message) => this.take(message),
      work: (message, topic) => this.work(message, topic),
    };
  }

  /** The messages that it got and has not acknowledged. */
  get unacknowledged(): readonly string[] {
    return this.messages.slice(this.doneCount);
  }

  /** How many messages it got and has not acknowledged. */
  get unacknowledgedCount(): number {
    return this.messages.length - this.doneCount;
  }

  /** From now on it acknowledges nothing. */
  stall(): void {
    this.isStalled = true;
  }

  /** Closes its connection without DISCONNECT. */
  cut(): void {
    this.isStalled = true;
    this.surroundings.cut();
  }

  private take(message: string): void {
    if (this.surroundings.isProbe(message)) return;
    this.messages.push(message);
    this.choice.onMessage?.(message);
    if (this.isStalled || this.choice.workTime) this.surroundings.held(message);
  }

  private async work(message: string, topic: string): Promise<boolean> {
    if (this.surroundings.isProbe(message)) return true;
    const { workTime = 0 } = this.choice;
    if (workTime > 0) await this.clock.after(workTime);
    if (this.isStalled) return false;
    this.doneCount += 1;
    this.doneAt = this.clock.now();
    this.surroundings.done(message, topic);
    this.choice.onDone?.();
    return true;
  }
}
