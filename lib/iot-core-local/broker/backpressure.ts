/** Milliseconds that publishers wait for a full client. After it, the client loses its QoS 0 messages. */
const waitLimit = 1000;

/** Milliseconds without any progress after which a full client is disconnected. */
const disconnectLimit = 30_000;

/** How long a client has been full, and the publishers that wait for it. */
export class Backpressure {
  private since?: number;
  private progressAt = 0;
  private readonly waiting = new Set<() => void>();

  /** @param now - milliseconds that never go back */
  constructor(private readonly now: () => number) {}

  /** The client is full. */
  begin(): void {
    this.since ??= this.now();
  }

  /** The client took a message, though it may still be full. */
  progress(): void {
    if (this.since !== undefined) this.progressAt = this.now();
  }

  /** The client has room again, or is gone. Nobody waits for it any longer. */
  end(): void {
    this.since = undefined;
    this.release();
  }

  /** Calls `resume` once, when the waiting is over. */
  wait(resume: () => void): void {
    this.waiting.add(resume);
  }

  /** A publisher that has gone waits no longer. */
  stopWaiting(resume: () => void): void {
    this.waiting.delete(resume);
  }

  /** Whether the client is full. */
  get hasBegun(): boolean {
    return this.since !== undefined;
  }

  get isWaitedFor(): boolean {
    return this.waiting.size > 0;
  }

  get isBeyondWaitLimit(): boolean {
    return this.lasts(waitLimit);
  }

  get isBeyondDisconnectLimit(): boolean {
    return this.lasts(disconnectLimit) && this.now() - this.progressAt >= disconnectLimit;
  }

  /** Lets the publishers that wait longest go on, even if the client is still full. @param count - how many of them, by default all */
  release(count = Number.POSITIVE_INFINITY): void {
    if (this.waiting.size === 0) return;
    const resumes = [...this.waiting].slice(0, count);
    for (const resume of resumes) this.waiting.delete(resume);
    for (const resume of resumes) resume();
  }

  private lasts(milliseconds: number): boolean {
    return this.since !== undefined && this.now() - this.since >= milliseconds;
  }
}
