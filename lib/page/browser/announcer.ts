import { type DeviceState, type PageState, statusText } from '../model/state';
import { byId } from './dom';

/** Milliseconds from one announcement to the next, and of the counts. */
const interval = 2_000;
const countInterval = 15_000;

/** A fleet of more subscribers than this has its counts announced as a sum. */
const few = 4;

/**
 * Tells a screen reader what changes, without a flood: what happened to a device and what was tried within two seconds, the counts each
 * quarter of a minute.
 */
export class Announcer {
  private pending: string[] = [];
  private last: PageState | undefined;
  private countedAt = 0;
  private published = 0;

  constructor() {
    setInterval(() => this.announce(), interval);
  }

  patch(state: PageState): void {
    const { last } = this;
    this.last = state;
    if (!last || last.show !== state.show) {
      this.pending = [state.show?.caption ?? ''];
      return;
    }
    for (const [name, device] of Object.entries(state.devices)) {
      const before: DeviceState | undefined = last.devices[name];
      if (before && before.status !== device.status && device.status !== 'connecting') {
        this.pending.push(`${name}: ${statusText(device, state.isPaused)}.`);
      }
    }
    if (state.triedCount !== last.triedCount) {
      const [{ attempt, isRefused, answer }] = state.tried;
      this.pending.push(`${attempt.sentence}: ${isRefused ? 'refused' : 'not refused'}, ${answer}.`);
    }
    if (state.verdict.verdict !== last.verdict.verdict) this.pending.push(state.verdict.sentence);
    if (state.steps !== last.steps) this.pending.push(state.steps.at(-1) ?? '');
  }

  private announce(): void {
    const now = performance.now();
    const state = this.last;
    if (
      state &&
      this.pending.length === 0 &&
      state.published !== this.published &&
      now - this.countedAt > countInterval
    ) {
      this.countedAt = now;
      this.published = state.published;
      this.pending.push(countsOf(state));
    }
    if (this.pending.length === 0) return;
    // Of many changes the last ones matter.
    byId('announcer', 'p').textContent = this.pending.slice(-4).join(' ');
    this.pending = [];
  }
}

function countsOf({ devices, published }: PageState): string {
  const subscribers = Object.values(devices).filter(({ info }) => info.role !== 'car');
  const counts = subscribers.map(({ info, count }) => `${info.name} ${count}`);
  const sum = subscribers.reduce((all, { count }) => all + count, 0);
  const got = subscribers.length > few ? `${subscribers.length} subscribers got ${sum} together` : counts.join(', ');
  return `${published} messages sent. ${got}.`;
}
