import { readFileSync } from 'node:fs';
import { reasonOf } from '../../lib/util/reason-of';

function errorOf(action: () => unknown): unknown {
  try {
    return action();
  } catch (error) {
    return error;
  }
}

test('The reason of a system error has neither the call nor the path', () => {
  expect(reasonOf(errorOf(() => readFileSync('/nowhere/at, all')))).toBe('ENOENT: no such file or directory');
});

test('The reason of any other error is its whole message', () => {
  expect(reasonOf(new Error('a, b, and c'))).toBe('a, b, and c');
  expect(reasonOf(errorOf(() => JSON.parse('{')))).toMatch(/JSON/);
});
