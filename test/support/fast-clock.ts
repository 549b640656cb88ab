import { type Clock, systemClock } from '../../lib/walk-through/clients/pacer';

/** A clock that runs faster than real time, for what takes time next to real sockets. */
export class FastClock implements Clock {
  constructor(private readonly factor: number) {}

  now(): number {
    return systemClock.now() * this.factor;
  }

  after(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return systemClock.after(milliseconds / this.factor, signal);
  }
}
