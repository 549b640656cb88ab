import type { ClientStatus, DeviceInfo, Measured, ShowInfo, ShowVerdict, Tried } from './events';

/** One of a device's last messages. */
export interface Chip {
  readonly number: number;
  /** Sent and not acknowledged yet; acknowledged; or never acknowledged, because the connection ended. */
  readonly status: 'sent' | 'acknowledged' | 'dropped';
  /** Whether it came again after another subscriber had not acknowledged it. */
  readonly isAgain: boolean;
}

/** What the page shows of a device. */
export interface DeviceState {
  readonly info: DeviceInfo;
  readonly status: ClientStatus;
  /** Why it is lost. */
  readonly problem?: string;
  /** How many messages it has published, or has done its work for. */
  readonly count: number;
  /** How many messages it has and has not acknowledged. */
  readonly waiting: number;
  /** Milliseconds that it takes for a message. */
  readonly workTime: number;
  /** What a car said last. */
  readonly label?: string;
  /** Its last messages, oldest first. At most {@link mostChips}. */
  readonly chips: readonly Chip[];
}

/** Everything that the page shows. Its size does not grow with the number of messages. */
export interface PageState {
  readonly show?: ShowInfo;
  readonly devices: Readonly<Record<string, DeviceState>>;
  readonly published: number;
  readonly perSecond: number;
  readonly isPaused: boolean;
  /** The last steps of a scenario, oldest first. */
  readonly steps: readonly string[];
  readonly measured: readonly Measured[];
  /** The last attempts, newest first. */
  readonly tried: readonly Tried[];
  readonly triedCount: number;
  readonly refusedCount: number;
  readonly verdict: ShowVerdict;
  /** Why the show is over, once it is. */
  readonly ended?: string;
}

export const mostChips = 8;
export const mostSteps = 6;
export const mostMeasured = 6;
export const mostTried = 30;

/** Before any show. */
export const noState: PageState = {
  devices: {},
  published: 0,
  perSecond: 0,
  isPaused: false,
  steps: [],
  measured: [],
  tried: [],
  triedCount: 0,
  refusedCount: 0,
  verdict: { verdict: 'running', sentence: '', details: [] },
};

/** A device's part of the messages that its group got, from 0 to 1; of a car and a consumer, of all that were published. */
export function shareOf(state: PageState, { info, count }: DeviceState): number {
  const { group } = info;
  const whole = group === undefined ? state.published : groupCount(state, group);
  return whole === 0 ? 0 : Math.min(1, count / whole);
}

/** How many messages the members of a group got together. */
export function groupCount(state: PageState, group: string): number {
  let sum = 0;
  for (const { info, count } of Object.values(state.devices)) if (info.group === group) sum += count;
  return sum;
}

/** A device's status in words. */
export function statusText({ info, status, problem }: DeviceState, isPaused: boolean): string {
  switch (status) {
    case 'away':
      return 'not connected yet';
    case 'connecting':
      return 'connecting';
    case 'connected':
      return info.role === 'car' ? (isPaused ? 'connected, paused' : 'connected, publishing') : 'connected';
    case 'subscribed':
      return info.role === 'member' ? `in ${info.group}` : 'subscribed';
    case 'leaving':
      return 'leaving';
    case 'left':
      return 'left';
    case 'killed':
      return 'killed';
    case 'lost':
      return problem ?? 'disconnected';
  }
}
