import { closest, didYouMean } from '../../lib/util/closest';

test.each([
  ['iot:Conect', ['iot:Connect', 'iot:Publish'], 'iot:Connect'],
  ['IOT:PUBLISH', ['iot:Connect', 'iot:Publish'], 'iot:Publish'],
  ['topics', ['topic', 'cars'], 'topic'],
  ['xyz', ['topic', 'cars'], undefined],
  ['', ['topic'], undefined],
  ['topic', [], undefined],
])('The closest to %j of %j is %j', (text, candidates, expected) => {
  expect(closest(text, candidates)).toBe(expected);
  expect(didYouMean(text, candidates)).toBe(expected ? ` Did you mean "${expected}"?` : '');
});
