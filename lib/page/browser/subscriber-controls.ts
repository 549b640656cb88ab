import type { DeviceState } from '../model/state';
import { request } from './actions';
import { button, element, setText } from './dom';

/** Milliseconds. */
const longest = 2_000;
const step = 100;

/** What a person can do to a subscriber: slow it down, kill and revive it, have it leave and join. */
export class SubscriberControls {
  readonly root: HTMLDivElement;
  private readonly slider = element('input');
  private readonly time = element('span');
  private readonly kill: HTMLButtonElement;
  private readonly leave: HTMLButtonElement;
  private device: DeviceState | undefined;

  constructor(
    private readonly name: string,
    role: 'member' | 'consumer',
    qos: 0 | 1,
  ) {
    const { slider } = this;
    Object.assign(slider, { type: 'range', min: '0', max: String(longest), step: String(step), value: '0' });
    slider.disabled = qos === 0;
    if (qos === 0) slider.title = 'At QoS 0 no message is acknowledged, so nobody can see that a subscriber is slow.';
    slider.setAttribute('aria-label', `Milliseconds per message of ${name}`);
    slider.addEventListener('input', () => this.showTime(Number(slider.value)));
    slider.addEventListener('change', () => {
      void request({ do: 'slow', device: name, milliseconds: Number(slider.value) });
    });
    const join = role === 'member' ? 'Join' : 'Subscribe';
    this.kill = button('Kill', () => this.act(this.isAway ? 'revive' : 'kill'));
    this.leave = button('Leave', () => this.act(this.isAway ? 'join' : 'leave'));
    this.leave.dataset.join = join;
    const value = element('span', { class: 'value' }, this.time, element('span', { class: 'unit', text: '/message' }));
    this.root = element(
      'div',
      { class: 'controls' },
      element('div', { class: 'slow' }, slider, value),
      this.kill,
      this.leave,
    );
  }

  show(device: DeviceState): void {
    this.device = device;
    const { status, workTime } = device;
    if (document.activeElement !== this.slider || status !== 'subscribed') this.slider.value = String(workTime);
    this.showTime(Number(this.slider.value));
    const isLeft = status === 'left';
    this.label(this.kill, this.isAway && !isLeft ? 'Revive' : 'Kill');
    this.label(this.leave, isLeft ? this.leave.dataset.join! : 'Leave');
    this.kill.disabled = isLeft || !(status === 'subscribed' || this.isAway);
    this.leave.disabled = !(status === 'subscribed' || isLeft);
  }

  private get isAway(): boolean {
    return ['killed', 'left', 'lost'].includes(this.device?.status ?? '');
  }

  private act(what: 'kill' | 'revive' | 'leave' | 'join'): void {
    void request({ do: what, device: this.name });
  }

  private label(target: HTMLButtonElement, text: string): void {
    setText(target, text);
    target.setAttribute('aria-label', `${text} ${this.name}`);
  }

  private showTime(milliseconds: number): void {
    setText(this.time, `${milliseconds} ms`);
    this.slider.setAttribute('aria-valuetext', `${milliseconds} ms`);
  }
}
