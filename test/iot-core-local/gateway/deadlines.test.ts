import { Deadlines } from '../../../lib/iot-core-local/gateway/deadlines';

test('An item is due once its second has begun, and is taken out once', () => {
  const deadlines = new Deadlines<string>();
  deadlines.set('late', 5999);
  deadlines.set('soon', 2500);
  deadlines.set('early', 1000);
  expect(deadlines.takeDue(999)).toEqual([]);
  expect(deadlines.takeDue(4999)).toEqual(['early', 'soon']);
  expect(deadlines.takeDue(4999)).toEqual([]);
  expect(deadlines.takeDue(5000)).toEqual(['late']);
});

test('A deadline in the past is due the next time that somebody asks', () => {
  const deadlines = new Deadlines<string>();
  deadlines.set('a', 0);
  expect(deadlines.takeDue(100_000)).toEqual(['a']);
});

test('A deadline that is set again, earlier or later, takes the place of the first', () => {
  const deadlines = new Deadlines<string>();
  deadlines.set('a', 1000);
  deadlines.set('a', 9000);
  deadlines.set('b', 9000);
  deadlines.set('b', 2000);
  expect(deadlines.takeDue(3000)).toEqual(['b']);
  expect(deadlines.takeDue(9000)).toEqual(['a']);
});

test('A deleted item is never due, and the others of its second are', () => {
  const deadlines = new Deadlines<string>();
  for (const item of ['a', 'b']) deadlines.set(item, 1000);
  deadlines.delete('a');
  deadlines.delete('unknown');
  expect(deadlines.takeDue(1000)).toEqual(['b']);
});
