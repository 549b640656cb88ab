import { Fifo } from '../../../lib/iot-core-local/broker/fifo';

test('A queue gives its items in the order in which they came, however many came and went before', () => {
  const fifo = new Fifo<number>();
  const expected: number[] = [];
  const out: (number | undefined)[] = [];
  let next = 0;
  // Rounds that let it grow, shrink and run empty in turns.
  for (const [pushed, shifted] of [
    [5, 2],
    [1, 4],
    [100, 99],
    [1, 2],
    [7, 0],
    [0, 7],
    [3, 3],
  ]) {
    for (let i = 0; i < pushed; i += 1) {
      expected.push(next);
      fifo.push(next++);
    }
    for (let i = 0; i < shifted; i += 1) out.push(fifo.shift());
    expect(fifo.length).toBe(expected.length - out.length);
  }
  expect(out).toEqual(expected);
});

test('An empty queue gives undefined', () => {
  expect(new Fifo().shift()).toBeUndefined();
});

test('A queue that is drained gives what is left, oldest first, and can be used again', () => {
  const fifo = new Fifo<string>();
  for (const item of ['a', 'b', 'c', 'd', 'e']) fifo.push(item);
  fifo.shift();
  expect(fifo.drain()).toEqual(['b', 'c', 'd', 'e']);
  expect(fifo.length).toBe(0);
  fifo.push('f');
  expect(fifo.shift()).toBe('f');
});

test('A queue that has emptied after a burst works on', () => {
  const fifo = new Fifo<number>();
  for (const burst of [5000, 3]) {
    for (let item = 0; item < burst; item += 1) fifo.push(item);
    expect(Array.from({ length: burst }, () => fifo.shift())).toEqual(Array.from({ length: burst }, (_, item) => item));
    expect([fifo.length, fifo.shift()]).toEqual([0, undefined]);
  }
});
