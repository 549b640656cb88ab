import { Pacer } from '../../../lib/walk-through/clients/pacer';
import { FakeClock } from '../../support/fake-clock';

/** When turns are taken that are requested at the same time. */
async function turns(pacer: Pacer, clock: FakeClock, keys: readonly string[]): Promise<number[]> {
  return Promise.all(
    keys.map(async (key) => {
      await pacer.turn(key);
      return clock.now();
    }),
  );
}

test.each([
  ['Turns of one key are an interval apart', ['car1', 'car1', 'car1'], [0, 1000, 2000]],
  ['Turns of one key do not wait for those of another', ['car1', 'car2', 'car1', 'car2'], [0, 0, 1000, 1000]],
])('%s', async (_, keys, times) => {
  const clock = new FakeClock();
  expect(await turns(new Pacer(1000, clock), clock, keys)).toEqual(times);
});

test.each([
  [700, 1000],
  [1700, 1700],
])('A turn that is requested %d ms after the last is taken at %d ms', async (pause, time) => {
  const clock = new FakeClock();
  const pacer = new Pacer(1000, clock);
  await pacer.turn();
  clock.pass(pause);
  await pacer.turn();
  expect(clock.now()).toBe(time);
});

test('A pacer with an interval of 0 never waits', async () => {
  const clock = new FakeClock();
  expect(await turns(new Pacer(0, clock), clock, ['car1', 'car1'])).toEqual([0, 0]);
});
