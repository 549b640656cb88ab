import { EventCounter } from './event-counter';
import type { Message } from './message';
import type { Bound } from './message-queue';

/** The messages that are retained, one a topic at most. */
export class RetainedMessages {
  private readonly messages = new Map<string, Message>();
  private bytes = 0;
  private readonly refused = new EventCounter();

  constructor(
    private readonly bound: Bound,
    /** Milliseconds. */
    private readonly clock: () => number,
  ) {}

  /** Takes a message in the place of its topic's former one; one without a payload only ends that [MQTT-3.3.1-6]. */
  retain(message: Message): void {
    const former = this.messages.get(message.topic);
    if (message.payload.length === 0) {
      this.forget(former);
      return;
    }
    const bytes = this.bytes - (former?.size ?? 0) + message.size;
    const count = this.messages.size + (former ? 0 : 1);
    if (count > this.bound.messages || bytes > this.bound.bytes) {
      this.refused.add();
      return;
    }
    this.messages.set(message.topic, message);
    this.bytes = bytes;
  }

  /** The message that is retained on a topic and has not expired. */
  find(topic: string): Message | undefined {
    const message = this.messages.get(topic);
    if (!message?.isExpired(this.clock())) return message;
    this.forget(message);
    return undefined;
  }

  /** How many messages were not retained, since this was last asked, because as much is retained as may be. */
  takeRefused(): number {
    return this.refused.take();
  }

  private forget(message: Message | undefined): void {
    if (!message) return;
    this.messages.delete(message.topic);
    this.bytes -= message.size;
  }
}
