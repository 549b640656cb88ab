import { PassThrough } from 'node:stream';
import { isAgreed } from '../../scripts/question';

function conversation() {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const interruption = new AbortController();
  const answer = isAgreed('Go on?', { input, output, signal: interruption.signal });
  return { input, output, interruption, answer };
}

test.each([
  ['yes', true],
  [' YES ', true],
  ['y', false],
  ['no', false],
  ['', false],
])('The answer "%s" counts as %s', async (line, isYes) => {
  const { input, output, answer } = conversation();
  input.write(`${line}\n`);
  expect(await answer).toBe(isYes);
  expect(output.read().toString()).toContain('Go on? ');
});

test('The end of the input counts as no', async () => {
  const { input, answer } = conversation();
  input.end();
  expect(await answer).toBe(false);
});

test('An interruption counts as no', async () => {
  const { interruption, answer } = conversation();
  interruption.abort();
  expect(await answer).toBe(false);
});
