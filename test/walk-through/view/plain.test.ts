import { forbiddenAttempts } from '../../../lib/walk-through/attempts';
import type { WalkThroughEvent } from '../../../lib/walk-through/events';
import { paint } from '../../../lib/walk-through/view/paint';
import { plainLines } from '../../../lib/walk-through/view/plain';
import { fleetWith } from '../../support/demo-fleet';

const fleet = fleetWith();
const [device] = fleet.cars;
const [attempt] = forbiddenAttempts(fleet);
const text = '\u001b[2J';

test.each<WalkThroughEvent>([
  { type: 'published', device, message: text },
  { type: 'held', device, message: text },
  { type: 'delivered', device, message: text, topic: fleet.topic },
  { type: 'trouble', device, problem: text },
  { type: 'tried', attempt, outcome: { refused: false, reason: text } },
  { type: 'tried', attempt, outcome: { refused: true, answer: 'SUBACK 0x87' }, reason: text },
])('Text that others wrote commands no terminal in the plain line of the event %j', (event) => {
  const lines: string[] = [];
  plainLines((line) => lines.push(line), { isVerbose: true, columns: 80, paint: paint(false) })(event);
  expect(lines.join('\n')).toContain('\\u001b[2J');
  expect(lines.join('\n')).not.toContain('\u001b');
});
