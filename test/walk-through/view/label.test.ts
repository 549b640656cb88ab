import { labelOf } from '../../../lib/walk-through/view/label';

test.each([
  ['the fields that do not name the car', '{"ID": "car1", "speed": "75"}', 'speed 75'],
  ['a text that is not an object as it is', '"hello"', '"hello"'],
  ['the characters that command a terminal as escapes', '{"note": "\\u001b[31m"}', 'note \\u001b[31m'],
])('The label of a message shows %s', (_, message, label) => {
  expect(labelOf(message, 'car1', 20)).toBe(label);
});

test('A label that is too long is cut, and says so', () => {
  expect(labelOf('{"odometer": 123456789}', 'car1', 12)).toBe('odometer 12…');
});
