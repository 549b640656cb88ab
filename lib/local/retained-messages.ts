import type { Message } from './message';

/** The messages that are retained, one a topic at most. */
export class RetainedMessages {
  private readonly messages = new Map<string, Message>();
  private refused = 0;

  constructor(
    /** So many topics can have one. */
    private readonly maximum: number,
    /** Milliseconds. */
    private readonly clock: () => number,
  ) {}

  /** Takes a message in the place of its topic's former one; one without a payload only ends that [MQTT-3.3.1-6]. */
  retain(message: Message): void {
    if (message.payload.length === 0) this.messages.delete(message.topic);
    else if (this.messages.has(message.topic) || this.messages.size < this.maximum) {
      this.messages.set(message.topic, message);
    } else {
      this.refused += 1;
    }
  }

  /** The message that is retained on a topic and has not expired. */
  find(topic: string): Message | undefined {
    const message = this.messages.get(topic);
    if (!message?.isExpired(this.clock())) return message;
    this.messages.delete(topic);
    return undefined;
  }

  /** How many messages were not retained, since this was last asked, because as many topics have one as may. */
  takeRefused(): number {
    const { refused } = this;
    this.refused = 0;
    return refused;
  }
}
