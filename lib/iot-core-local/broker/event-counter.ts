import { grouped } from '../../util/format';
import type { ServedQos } from './message';

/** Counts what is told of now and then. */
export class EventCounter {
  private count = 0;

  add(): void {
    this.count += 1;
  }

  /** How many there were since this was last asked. */
  take(): number {
    const { count } = this;
    this.count = 0;
    return count;
  }
}

/** "2 messages at QoS 1 were dropped". */
export function dropped(count: number, qos: ServedQos): string {
  return `${grouped(count)} ${count === 1 ? `message at QoS ${qos} was` : `messages at QoS ${qos} were`} dropped`;
}
