/** A client that was full for so long, in milliseconds, loses its QoS 0 messages instead of holding up who sends them. */
const waitLimit = 1000;

/** A client that took nothing for so long, in milliseconds, is disconnected. */
const disconnectLimit = 30_000;

/**
 * Since when a client takes no more messages than it has, and the senders that wait for it meanwhile.
 */
export class Backpressure {
  private since?: number;
  private tookAt = 0;
  private readonly waiting = new Set<() => void>();

  /** @param clock - milliseconds */
  constructor(private readonly clock: () => number) {}

  /** The client is full. */
  begin(): void {
    this.since ??= this.clock();
  }

  /** The client took a message, though it may still be full. */
  progress(): void {
    if (this.since !== undefined) this.tookAt = this.clock();
  }

  /** The client has room again, or is gone: nobody waits for it any longer. */
  end(): void {
    this.since = undefined;
    this.release();
  }

  /** Calls `resume` once, when the waiting is over. */
  wait(resume: () => void): void {
    this.waiting.add(resume);
  }

  get isWaitedFor(): boolean {
    return this.waiting.size > 0;
  }

  get isBeyondWaitLimit(): boolean {
    return this.lasts(waitLimit);
  }

  get isBeyondDisconnectLimit(): boolean {
    return this.lasts(disconnectLimit) && this.clock() - this.tookAt >= disconnectLimit;
  }

  /** Lets the senders try again, without the client having room. */
  release(): void {
    if (this.waiting.size === 0) return;
    const resumes = [...this.waiting];
    this.waiting.clear();
    for (const resume of resumes) resume();
  }

  private lasts(milliseconds: number): boolean {
    return this.since !== undefined && this.clock() - this.since >= milliseconds;
  }
}
