import type { PublishedMessage } from '../../../lib/walk-through/arrivals';
import { RowOrder } from '../../../lib/walk-through/view/row-order';

/** Messages of which five are published at 0 ms, and the order in which they are used. */
function fivePublished() {
  const time = { now: 0 };
  const used: number[] = [];
  const order = new RowOrder(
    500,
    () => time.now,
    ({ number }) => used.push(number),
  );
  for (let count = 0; count < 5; count += 1) order.published();
  const end = (...numbers: number[]) => {
    for (const number of numbers) order.ended({ number } as PublishedMessage);
  };
  return { time, used, end };
}

test('A message waits for earlier ones that are not complete', () => {
  const { used, end } = fivePublished();
  end(1, 2);
  expect(used).toEqual([]);
  end(0);
  expect(used).toEqual([0, 1, 2]);
});

test('A message that takes too long is not waited for, and comes when it is complete', () => {
  const { time, used, end } = fivePublished();
  time.now = 499;
  end(1);
  expect(used).toEqual([]);
  time.now = 500;
  end(2);
  expect(used).toEqual([1, 2]);
  end(0, 3);
  expect(used).toEqual([1, 2, 0, 3]);
});

test('Every message comes once, in whatever order they end', () => {
  const { used, end } = fivePublished();
  end(4, 2, 0, 3, 1);
  expect(used).toEqual([0, 1, 2, 3, 4]);
});
