import { type DeviceState, type PageState, shareOf, statusText } from '../model/state';
import { request } from './actions';
import { ChipList } from './chips';
import { button, element, setAttribute, setText } from './dom';
import { SubscriberControls } from './subscriber-controls';

/** A device on the page. */
export class DeviceCard {
  readonly item: HTMLLIElement;
  private readonly status = element('span', { class: 'status' });
  private readonly count = element('span', { class: 'count' });
  private readonly share = element('span', { class: 'share' });
  private readonly fill = element('span', { class: 'fill' });
  private readonly detail = element('span', { class: 'detail' });
  private readonly chips: ChipList;
  private readonly controls: SubscriberControls | undefined;
  private readonly send: HTMLButtonElement | undefined;
  private shown: DeviceState | undefined;

  /** @param canAct - whether a person can do things to it */
  constructor(info: DeviceState['info'], qos: 0 | 1, canAct: boolean) {
    const { name, role } = info;
    this.chips = new ChipList(role === 'car', qos);
    this.controls = canAct && role !== 'car' ? new SubscriberControls(name, role, qos) : undefined;
    this.send =
      canAct && role === 'car'
        ? button('Send one', () => void request({ do: this.isLost ? 'revive' : 'send', device: name }))
        : undefined;
    // A member is below its group's heading.
    const heading = element(role === 'member' ? 'h4' : 'h3', {
      text: name,
      attributes: { title: `client id ${info.clientId}` },
    });
    const bar = element('span', { class: 'bar', attributes: { 'aria-hidden': 'true' } }, this.fill);
    this.item = element(
      'li',
      { class: `card ${role}` },
      element('div', { class: 'head' }, heading, this.status),
      element('div', { class: 'figures' }, this.count, bar, this.share),
      this.chips.list,
      element(
        'div',
        { class: 'foot' },
        this.detail,
        ...[this.send, this.controls?.root].filter((each) => each !== undefined),
      ),
    );
  }

  /** @param isTextNew - whether something else than the device has changed that its texts depend on */
  show(device: DeviceState, state: PageState, isTextNew: boolean): void {
    const percent = Math.round(shareOf(state, device) * 100);
    setText(this.share, `${percent} %`);
    this.fill.style.setProperty('--share', `${percent}%`);
    if (device === this.shown && !isTextNew) return;
    this.shown = device;
    const { status, info, count, waiting, label } = device;
    setAttribute(this.item, 'data-status', status);
    setText(this.status, statusText(device, state.isPaused));
    setText(this.count, count.toLocaleString('en'));
    setText(this.detail, info.role === 'car' ? (label ?? '') : waiting > 0 ? `${waiting} not acknowledged` : '');
    this.chips.show(device.chips);
    this.controls?.show(device);
    if (this.send) {
      // A car that the server has disconnected can connect again.
      setText(this.send, this.isLost ? 'Connect' : 'Send one');
      setAttribute(
        this.send,
        'aria-label',
        this.isLost ? `Connect ${info.name}` : `Send one message from ${info.name}`,
      );
      this.send.disabled = !this.isLost && status !== 'connected';
    }
  }

  private get isLost(): boolean {
    return this.shown?.status === 'lost';
  }

  /** Shows for a moment that a message came. */
  flash(): void {
    this.item.classList.remove('flash');
    // Without a layout in between, the browser sees no change.
    void this.item.offsetWidth;
    this.item.classList.add('flash');
  }
}
