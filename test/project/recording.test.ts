import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';
import { readRecording } from '../../lib/page/server/read-recording';
import { attemptInfo } from '../../lib/page/shows/attempt-info';
import { forbiddenAttempts } from '../../lib/walk-through/attempts';
import { fleetWith } from '../support/demo-fleet';

// If this fails, `npm run picture -- --record` makes the recording and the README's picture anew.
test("The recording docs/page.json offers the blog post's fleet the attempts that the page offers it today", () => {
  const { events } = readRecording(join(projectRoot, 'docs/page.json'));
  const [, begin] = events[0];
  expect(begin).toMatchObject({ type: 'show', show: { attempts: forbiddenAttempts(fleetWith()).map(attemptInfo) } });
});
