import { type Clock, systemClock } from '../../walk-through/clients/pacer';

/** The system's clock until it is stopped. Then every wait ends and every deadline has passed, so whatever uses it ends soon. */
export class StoppableClock implements Clock {
  private isStopped = false;
  /** The waits that last. */
  private readonly waits = new Set<AbortController>();

  now(): number {
    return this.isStopped ? Number.POSITIVE_INFINITY : systemClock.now();
  }

  async after(milliseconds: number, signal?: AbortSignal): Promise<void> {
    if (this.isStopped) return;
    const wait = new AbortController();
    const end = () => wait.abort();
    this.waits.add(wait);
    signal?.addEventListener('abort', end);
    await systemClock.after(milliseconds, wait.signal);
    signal?.removeEventListener('abort', end);
    this.waits.delete(wait);
  }

  stop(): void {
    this.isStopped = true;
    for (const wait of this.waits) wait.abort();
  }
}
