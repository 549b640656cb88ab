import type { Bound } from './bound';
import type { LossLog, Receiver } from './loss-log';
import type { Message } from './message';

/** A retained message. */
export interface Retained {
  readonly message: Message;
  /** Milliseconds since 1970. */
  readonly retainedAt: number;
}

/** The context of {@link RetainedMessages}. */
export interface RetainedMessagesContext {
  readonly bound: Bound;
  /** Milliseconds that never go back. */
  readonly now: () => number;
  /** Milliseconds since 1970. */
  readonly wall: () => number;
  readonly losses: LossLog;
}

/** The retained messages, at most one for each topic. */
export class RetainedMessages implements Receiver {
  readonly logName = 'the topic';
  private readonly messages = new Map<string, Retained>();
  private bytes = 0;
  /** When the first of them expires, or earlier. */
  private firstExpiry = Number.POSITIVE_INFINITY;

  constructor(private readonly context: RetainedMessagesContext) {}

  /** Replaces its topic's retained message; a message without a payload only removes it [MQTT-3.3.1-6]. */
  retain(message: Message): void {
    if (message.body.payloadLength === 0) {
      this.forget(message.topic);
      return;
    }
    if (!this.hasRoom(message)) this.removeExpired();
    if (!this.hasRoom(message)) {
      this.context.losses.add('notRetained', this);
      return;
    }
    this.forget(message.topic);
    message.body.keep();
    this.messages.set(message.topic, { message, retainedAt: this.context.wall() });
    this.bytes += message.size;
    this.firstExpiry = Math.min(this.firstExpiry, message.expiresAt);
  }

  /** The message that is retained on a topic and has not expired. */
  find(topic: string): Retained | undefined {
    const retained = this.messages.get(topic);
    if (!retained?.message.isExpired(this.context.now())) return retained;
    this.forget(topic);
    return undefined;
  }

  private hasRoom(message: Message): boolean {
    const former = this.messages.get(message.topic)?.message;
    const { bound } = this.context;
    const count = this.messages.size + (former ? 0 : 1);
    const bytes = this.bytes - (former?.size ?? 0) + message.size;
    return count <= bound.messages && bytes <= bound.bytes;
  }

  private removeExpired(): void {
    const now = this.context.now();
    if (this.firstExpiry > now) return;
    this.firstExpiry = Number.POSITIVE_INFINITY;
    for (const { message } of this.messages.values()) {
      if (message.isExpired(now)) this.forget(message.topic);
      else this.firstExpiry = Math.min(this.firstExpiry, message.expiresAt);
    }
  }

  private forget(topic: string): void {
    const retained = this.messages.get(topic);
    if (!retained) return;
    this.messages.delete(topic);
    this.bytes -= retained.message.size;
  }
}
