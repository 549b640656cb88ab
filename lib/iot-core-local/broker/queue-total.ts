import type { Bound } from './bound';

/** What all queues of a broker hold together, so that it is bounded however many clients are away. */
export class QueueTotal {
  private messages = 0;
  private bytes = 0;

  /** @param makeRoom - called when the bound is reached, to take out messages that have expired */
  constructor(
    private readonly bound: Bound,
    private readonly makeRoom: () => void = () => {},
  ) {}

  add(bytes: number): void {
    this.messages += 1;
    this.bytes += bytes;
  }

  remove(bytes: number, messages = 1): void {
    this.messages -= messages;
    this.bytes -= bytes;
  }

  /** Whether there is room for another message. */
  hasRoom(): boolean {
    if (!this.isFull) return true;
    this.makeRoom();
    return !this.isFull;
  }

  private get isFull(): boolean {
    return this.messages >= this.bound.messages || this.bytes >= this.bound.bytes;
  }
}
