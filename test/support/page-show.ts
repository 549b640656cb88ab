import type { DeviceInfo, PageEvent, ShowInfo } from '../../lib/page/model/events';

/** The blog post's fleet as the page knows it. */
const demoDevices: readonly DeviceInfo[] = [
  { name: 'car1', clientId: 'car1', role: 'car' },
  { name: 'car2', clientId: 'car2', role: 'car' },
  { name: 'subscriber2A', clientId: 'subscriber2a-sub', role: 'member', group: 'group2' },
  { name: 'subscriber2B', clientId: 'subscriber2b-sub', role: 'member', group: 'group2' },
  { name: 'consumer3', clientId: 'consumer3-sub', role: 'consumer' },
];

/** A live show of the blog post's fleet. @param changes - what is different */
export function demoShow(changes: Partial<ShowInfo> = {}): Extract<PageEvent, { type: 'show' }> {
  const show: ShowInfo = {
    kind: 'live',
    name: 'live',
    caption: 'A caption.',
    topic: 'cars/data',
    target: 'local',
    mqtt: 5,
    qos: 1,
    devices: demoDevices,
    attempts: [],
    mostPerSecond: 500,
    ...changes,
  };
  return { type: 'show', show };
}

/** The events of a number of messages, each of which one member and the consumer get and acknowledge. @param from - the first number */
export function messageEvents(count: number, from = 1): PageEvent[] {
  return Array.from({ length: count }, (_, index) => index + from).flatMap((number): PageEvent[] => {
    const car = `car${1 + (number % 2)}`;
    const member = `subscriber2${'AB'[number % 2]}`;
    return [
      { type: 'published', number, device: car, label: `speed ${75 + (number % 20)}` },
      { type: 'accepted', number, device: car },
      ...[member, 'consumer3'].flatMap((device): PageEvent[] => [
        { type: 'arrived', number, device, from: car, isAgain: false },
        { type: 'done', number, device },
      ]),
    ];
  });
}
