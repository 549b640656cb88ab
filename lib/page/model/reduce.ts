import type { ClientStatus, PageEvent, ShowInfo } from './events';
import {
  type Chip,
  type DeviceState,
  mostChips,
  mostMeasured,
  mostSteps,
  mostTried,
  noState,
  type PageState,
} from './state';

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

interface DeviceDraft extends Mutable<Omit<DeviceState, 'chips'>> {
  chips: Mutable<Chip>[];
}

/**
 * The state after some events.
 *
 * It is pure: the given state is unchanged, and a device that no event names keeps its object, so a reader sees by identity what is new.
 * Events that name a device that the show has not are ignored.
 */
export function reduce(state: PageState, events: readonly PageEvent[]): PageState {
  const draft = new Draft(state);
  for (const event of events) draft.apply(event);
  return draft.finished();
}

/** A state that is being made. A device is copied once, at its first event. */
class Draft {
  private state: Mutable<PageState>;
  private copied = new Map<string, DeviceDraft>();

  constructor(given: PageState) {
    this.state = { ...given };
  }

  finished(): PageState {
    if (this.copied.size === 0) return this.state;
    return { ...this.state, devices: { ...this.state.devices, ...Object.fromEntries(this.copied) } };
  }

  apply(event: PageEvent): void {
    switch (event.type) {
      case 'show':
        this.state = { ...begun(event.show) };
        this.copied = new Map();
        break;
      case 'status':
        setStatus(this.device(event.device), event.status, event.problem);
        break;
      case 'rate':
        this.state.perSecond = event.perSecond;
        this.state.isPaused = event.isPaused;
        break;
      case 'work': {
        const device = this.device(event.device);
        if (device) device.workTime = event.milliseconds;
        break;
      }
      case 'published':
        this.state.published += 1;
        this.publish(event.device, event.number, event.label);
        break;
      case 'accepted':
        acknowledge(this.device(event.device), event.number);
        break;
      case 'arrived': {
        const device = this.device(event.device);
        if (!device) break;
        device.waiting += 1;
        addChip(device, { number: event.number, status: 'sent', isAgain: event.isAgain });
        break;
      }
      case 'done': {
        const device = this.device(event.device);
        if (!device) break;
        device.count += 1;
        device.waiting = Math.max(0, device.waiting - 1);
        acknowledge(device, event.number);
        break;
      }
      case 'step':
        this.state.steps = [...this.state.steps, event.sentence].slice(-mostSteps);
        break;
      case 'measured':
        this.state.measured = [...this.state.measured, event.measured].slice(-mostMeasured);
        break;
      case 'tried':
        this.state.tried = [event.tried, ...this.state.tried].slice(0, mostTried);
        this.state.triedCount += 1;
        if (event.tried.isRefused) this.state.refusedCount += 1;
        break;
      case 'verdict':
        this.state.verdict = event.verdict;
        break;
      case 'ended':
        this.state.ended = event.sentence;
        break;
    }
  }

  private publish(name: string, number: number, label: string): void {
    const device = this.device(name);
    if (!device) return;
    device.count += 1;
    device.label = label;
    addChip(device, { number, status: 'sent', isAgain: false });
  }

  private device(name: string): DeviceDraft | undefined {
    const known = this.copied.get(name);
    if (known) return known;
    if (!Object.hasOwn(this.state.devices, name)) return undefined;
    const device = this.state.devices[name];
    const copy = { ...device, chips: device.chips.map((chip) => ({ ...chip })) };
    this.copied.set(name, copy);
    return copy;
  }
}

function begun(show: ShowInfo): PageState {
  const devices = show.devices.map((info): [string, DeviceState] => {
    return [info.name, { info, status: 'away', count: 0, waiting: 0, workTime: 0, chips: [] }];
  });
  return { ...noState, show, devices: Object.fromEntries(devices) };
}

/** What a subscriber has not acknowledged when its connection ends, it never will. */
function setStatus(device: DeviceDraft | undefined, status: ClientStatus, problem?: string): void {
  if (!device) return;
  device.status = status;
  device.problem = problem;
  if (status !== 'killed' && status !== 'lost' && status !== 'left') return;
  device.waiting = 0;
  if (device.info.role === 'car') return;
  for (const chip of device.chips) if (chip.status === 'sent') chip.status = 'dropped';
}

function addChip(device: DeviceDraft, chip: Chip): void {
  device.chips.push({ ...chip });
  if (device.chips.length > mostChips) device.chips.shift();
}

/** The newest chip with this number; a message may have come twice. */
function acknowledge(device: DeviceDraft | undefined, number: number): void {
  const chips = device?.chips ?? [];
  for (let index = chips.length - 1; index >= 0; index -= 1) {
    if (chips[index].number !== number || chips[index].status !== 'sent') continue;
    chips[index].status = 'acknowledged';
    return;
  }
}
