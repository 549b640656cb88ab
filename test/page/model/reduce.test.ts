import type { PageEvent, Tried } from '../../../lib/page/model/events';
import { reduce } from '../../../lib/page/model/reduce';
import { mostChips, mostTried, noState, type PageState, shareOf, statusText } from '../../../lib/page/model/state';
import { demoShow, messageEvents } from '../../support/page-show';

const begun = reduce(noState, [demoShow()]);

/** The state after these events of the blog post's fleet. */
function after(...events: PageEvent[]): PageState {
  return reduce(begun, events);
}

/** A device's chips: `2 sent`, `1 acknowledged again`. */
function chipsOf({ devices }: PageState, name: string): string[] {
  return devices[name].chips.map(({ number, status, isAgain }) => `${number} ${status}${isAgain ? ' again' : ''}`);
}

const published = (number: number, device = 'car1'): PageEvent => ({
  type: 'published',
  number,
  device,
  label: 'speed 75',
});
const arrived = (number: number, device: string, isAgain = false): PageEvent => {
  return { type: 'arrived', number, device, from: 'car1', isAgain };
};
const done = (number: number, device: string): PageEvent => ({ type: 'done', number, device });

test('A show begins with all devices away and nothing counted', () => {
  const { devices, published, verdict } = begun;
  expect(Object.values(devices).map(({ info, status, count }) => [info.name, status, count])).toEqual([
    ['car1', 'away', 0],
    ['car2', 'away', 0],
    ['subscriber2A', 'away', 0],
    ['subscriber2B', 'away', 0],
    ['consumer3', 'away', 0],
  ]);
  expect(published).toBe(0);
  expect(verdict.verdict).toBe('running');
});

test('The next show begins anew, also within the same events', () => {
  const state = after(published(1), demoShow({ topic: 'other' }), published(1, 'car2'));
  expect(state.show?.topic).toBe('other');
  expect(state.published).toBe(1);
  expect(state.devices.car1.count).toBe(0);
  expect(state.devices.car2.count).toBe(1);
});

test("A car's message is sent, then acknowledged", () => {
  expect(chipsOf(after(published(1)), 'car1')).toEqual(['1 sent']);
  const state = after(published(1), { type: 'accepted', number: 1, device: 'car1' });
  expect(chipsOf(state, 'car1')).toEqual(['1 acknowledged']);
  expect(state.devices.car1).toMatchObject({ count: 1, label: 'speed 75' });
});

test("A subscriber's message counts when it is acknowledged, and waits until then", () => {
  const waiting = after(arrived(1, 'subscriber2A'));
  expect(waiting.devices.subscriber2A).toMatchObject({ count: 0, waiting: 1 });
  expect(chipsOf(waiting, 'subscriber2A')).toEqual(['1 sent']);
  const state = reduce(waiting, [done(1, 'subscriber2A')]);
  expect(state.devices.subscriber2A).toMatchObject({ count: 1, waiting: 0 });
  expect(chipsOf(state, 'subscriber2A')).toEqual(['1 acknowledged']);
});

test.each(['killed', 'lost', 'left'] as const)(
  'What a subscriber has not acknowledged when it is %s is never acknowledged, and comes again elsewhere',
  (status) => {
    const state = after(
      arrived(1, 'subscriber2A'),
      done(1, 'subscriber2A'),
      arrived(2, 'subscriber2A'),
      { type: 'status', device: 'subscriber2A', status },
      arrived(2, 'subscriber2B', true),
      done(2, 'subscriber2B'),
    );
    expect(chipsOf(state, 'subscriber2A')).toEqual(['1 acknowledged', '2 dropped']);
    expect(state.devices.subscriber2A.waiting).toBe(0);
    expect(chipsOf(state, 'subscriber2B')).toEqual(['2 acknowledged again']);
  },
);

test('Of a message that came to the same subscriber twice, the later chip is acknowledged', () => {
  const killed: PageEvent = { type: 'status', device: 'subscriber2A', status: 'killed' };
  const state = after(arrived(1, 'subscriber2A'), killed, arrived(1, 'subscriber2A', true), done(1, 'subscriber2A'));
  expect(chipsOf(state, 'subscriber2A')).toEqual(['1 dropped', '1 acknowledged again']);
});

test("A member's share is of its group's messages, a car's and a consumer's of all that were published", () => {
  const state = after(...messageEvents(3));
  const shares = Object.values(state.devices).map((device) => [device.info.name, shareOf(state, device)]);
  expect(Object.fromEntries(shares)).toEqual({
    car1: 1 / 3,
    car2: 2 / 3,
    subscriber2A: 1 / 3,
    subscriber2B: 2 / 3,
    consumer3: 1,
  });
  expect(shareOf(begun, begun.devices.consumer3)).toBe(0);
});

test('Rate, pause and the time for a message are shown', () => {
  const state = after(
    { type: 'rate', perSecond: 20, isPaused: true },
    { type: 'work', device: 'subscriber2A', milliseconds: 300 },
    { type: 'status', device: 'car1', status: 'connected' },
    { type: 'status', device: 'subscriber2B', status: 'subscribed' },
    { type: 'status', device: 'consumer3', status: 'lost', problem: 'was disconnected: DISCONNECT 0x8e' },
  );
  expect(state).toMatchObject({ perSecond: 20, isPaused: true });
  const { car1, car2, subscriber2A, subscriber2B, consumer3 } = state.devices;
  expect(subscriber2A.workTime).toBe(300);
  expect([car1, car2, subscriber2B, consumer3].map((device) => statusText(device, state.isPaused))).toEqual([
    'connected, paused',
    'not connected yet',
    'in group2',
    'was disconnected: DISCONNECT 0x8e',
  ]);
});

test('Attempts are counted, and the last ones are kept, newest first', () => {
  const attempt = { device: 'car1', sentence: '', client: 'car1', action: 'iot:Publish', resource: 'topic/x' };
  const tried = (answer: string, isRefused: boolean): PageEvent => {
    const each: Tried = { attempt, isRefused, answer };
    return { type: 'tried', tried: each };
  };
  const state = after(...Array.from({ length: 40 }, (_, index) => tried(`answer ${index}`, index > 0)));
  expect(state).toMatchObject({ triedCount: 40, refusedCount: 39 });
  expect(state.tried).toHaveLength(mostTried);
  expect(state.tried[0].answer).toBe('answer 39');
});

test('An event of a device that is not in the show is ignored, whatever its name', () => {
  for (const device of ['car9', '__proto__', 'constructor', 'toString']) {
    const { devices } = after(arrived(1, device), done(1, device), { type: 'status', device, status: 'killed' });
    expect(devices).toEqual(begun.devices);
  }
});

test('The given state is unchanged, and a device without an event keeps its object', () => {
  const before = after(...messageEvents(3));
  const copy = structuredClone(before);
  const state = reduce(before, [arrived(4, 'subscriber2A'), { type: 'accepted', number: 3, device: 'car2' }]);
  expect(before).toEqual(copy);
  expect(state.devices.consumer3).toBe(before.devices.consumer3);
  expect(state.devices.subscriber2A).not.toBe(before.devices.subscriber2A);
});

test('Events given at once make the same state as one after the other', () => {
  const events = [...messageEvents(5), arrived(6, 'subscriber2A'), ...messageEvents(20, 7)];
  const one = events.reduce((state, event) => reduce(state, [event]), begun);
  expect(reduce(begun, events)).toEqual(one);
});

test('The state after 10,000 events is as large as after 1,000', () => {
  const sizeOf = (events: readonly PageEvent[]) => JSON.stringify(reduce(begun, events)).length;
  const events = messageEvents(1_700);
  expect(events.length).toBeGreaterThan(10_000);
  const [small, large] = [sizeOf(events.slice(0, 1_000)), sizeOf(events.slice(0, 10_000))];
  // Only the numbers have more digits.
  expect(large - small).toBeLessThan(6 * mostChips * 5);
});
