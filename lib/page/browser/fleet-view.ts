import type { DeviceInfo, ShowInfo } from '../model/events';
import { groupCount, type PageState } from '../model/state';
import { DeviceCard } from './device-card';
import { byId, element, setText } from './dom';
import { RateControls } from './rate-controls';

/** A fleet of more devices than this has smaller cards. */
const dense = 12;

/** The fleet: cars, the topic, each group in its frame, consumers. */
export class FleetView {
  readonly cards = new Map<string, DeviceCard>();
  /** The topic, through which every message goes. */
  readonly topic: HTMLElement;
  private readonly totals = new Map<string, HTMLElement>();
  private readonly rate: RateControls | undefined;
  private readonly published = element('span', { class: 'total' });
  private isPaused = false;

  /** @param canAct - whether a person can do things to it */
  constructor(
    private readonly show: ShowInfo,
    private readonly canAct: boolean,
  ) {
    const { devices, topic } = show;
    const of = (role: DeviceInfo['role']) => devices.filter((device) => device.role === role);
    this.rate = canAct ? new RateControls(show.mostPerSecond) : undefined;
    this.topic = element('div', { class: 'topic' }, element('span', { text: topic }));
    const root = byId('fleet', 'div');
    root.classList.toggle('dense', devices.length > dense);
    root.replaceChildren(
      this.column('cars', 'Cars', this.published, [...(this.rate ? [this.rate.root] : []), this.list(of('car'))]),
      this.topic,
      ...this.groups(of('member')),
      ...(of('consumer').length > 0
        ? [
            this.column('consumers', 'Consumers', element('span', { class: 'hint', text: 'get every message' }), [
              this.list(of('consumer')),
            ]),
          ]
        : []),
    );
  }

  patch(state: PageState): void {
    const isTextNew = state.isPaused !== this.isPaused;
    this.isPaused = state.isPaused;
    for (const [name, card] of this.cards) card.show(state.devices[name], state, isTextNew);
    for (const [group, total] of this.totals) {
      setText(total, `${groupCount(state, group).toLocaleString('en')} messages`);
    }
    setText(this.published, `${state.published.toLocaleString('en')} sent`);
    this.rate?.show(state);
  }

  private groups(members: readonly DeviceInfo[]): Node[] {
    const names = [...new Set(members.map(({ group }) => group ?? ''))];
    if (names.length === 0) return [];
    const frames = names.map((group) => {
      const total = element('span', { class: 'total' });
      this.totals.set(group, total);
      const title = element('h3', { text: group, attributes: { id: `group-${group}` } });
      const filter = element('code', { text: `$share/${group}/${this.show.topic}` });
      return element(
        'section',
        { class: 'group', attributes: { 'aria-labelledby': `group-${group}` } },
        element('div', { class: 'group-head' }, title, filter, total),
        this.list(members.filter((member) => member.group === group)),
      );
    });
    const hint = element('span', { class: 'hint', text: 'one member gets each message' });
    return [this.column('groups', names.length === 1 ? 'Group' : 'Groups', hint, frames)];
  }

  private column(name: string, title: string, beside: Node, children: readonly Node[]): HTMLElement {
    const heading = element('h2', { text: title, attributes: { id: `${name}-title` } });
    return element(
      'section',
      { class: `column ${name}`, attributes: { 'aria-labelledby': `${name}-title` } },
      element('div', { class: 'column-head' }, heading, beside),
      ...children,
    );
  }

  private list(devices: readonly DeviceInfo[]): HTMLElement {
    const items = devices.map((info) => {
      const card = new DeviceCard(info, this.show.qos, this.canAct);
      this.cards.set(info.name, card);
      return card.item;
    });
    return element('ul', { class: 'cards' }, ...items);
  }
}
