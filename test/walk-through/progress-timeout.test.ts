import { ProgressTimeout } from '../../lib/walk-through/progress-timeout';
import { FakeClock } from '../support/fake-clock';

/** A wait of at most 100 ms without progress, and whether it has ended. */
function waiting(done: () => boolean) {
  const clock = new FakeClock();
  const timeout = new ProgressTimeout(100, clock);
  const ended: boolean[] = [];
  void timeout.wait(done).then((result) => ended.push(result));
  /** Lets time pass, and then what waits for it go on. */
  const pass = async (milliseconds: number) => {
    clock.pass(milliseconds);
    await new Promise((resolve) => setImmediate(resolve));
    return ended;
  };
  return { timeout, pass };
}

test('A wait ends with false when the time without progress is over, and not before', async () => {
  const { pass } = waiting(() => false);
  expect(await pass(99)).toEqual([]);
  expect(await pass(1)).toEqual([false]);
});

test('Progress gives a wait its whole time again', async () => {
  const { timeout, pass } = waiting(() => false);
  await pass(60);
  timeout.progress();
  expect(await pass(60)).toEqual([]);
  expect(await pass(39)).toEqual([]);
  expect(await pass(1)).toEqual([false]);
});

test('A wait ends with true at the progress after which its condition holds', async () => {
  let isDone = false;
  const { timeout, pass } = waiting(() => isDone);
  expect(await pass(50)).toEqual([]);
  isDone = true;
  timeout.progress();
  expect(await pass(0)).toEqual([true]);
});

test('A wait whose condition holds already ends at once', async () => {
  const { pass } = waiting(() => true);
  expect(await pass(0)).toEqual([true]);
});
