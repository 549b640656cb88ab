import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { projectRoot } from '../lib/fleet/project';
import { Hub } from '../lib/page/server/hub';
import { PageServer } from '../lib/page/server/page-server';
import { readRecording } from '../lib/page/server/read-recording';
import { Playback } from '../lib/page/shows/playback';
import { browserProgram } from '../lib/util/browser-program';
import { scenarios } from '../lib/walk-through/scenarios/scenarios';
import { runCommand } from './command-line';

const usage = `
Usage: npm run picture

Makes docs/page.png, the picture of the page, from the recording docs/page.json in Chromium, Chrome or Edge.

Options:
  --help  this text

Exit code: 0 if the picture is made, 1 if not, 2 for a bad option.
`;

/** Milliseconds of the recording's end that are played as fast as they were recorded, so that messages are seen to travel. */
const live = 1_500;

/** Milliseconds of these after which the picture is taken. */
const taken = 1_500;

runCommand('picture', { usage, options: {} }, async () => {
  const executablePath = browserProgram();
  if (!executablePath) throw new Error('There is no Chromium, Chrome or Edge on this machine: install one.');
  const recording = readRecording(join(projectRoot, 'docs/page.json'));
  const end = recording.events.at(-1)![0] - live;
  const hub = new Hub();
  const rest = recording.events.flatMap(([at, event]) => (at > end ? [[at - end, event] as const] : []));
  const playback = new Playback({ ...recording, events: rest }, hub.tell);
  for (const [at, event] of recording.events) if (at <= end) hub.tell(event);
  // A recording that is played has no controls. The picture shows them.
  const program = {
    scenarios: scenarios.map(({ name, shows }) => ({ name, shows })),
    act: async () => {},
    stop: () => playback.stop(),
  };
  const server = await PageServer.start({ port: 0, hub, program, isRecording: false, complain: console.error });
  // The picture is of this project's own page alone.
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage({ viewport: { width: 1180, height: 600 }, colorScheme: 'light' });
    await page.goto(server.url);
    await page.locator('.card').first().waitFor();
    playback.begin();
    await page.waitForTimeout(taken);
    const file = join(projectRoot, 'docs/page.png');
    await page.screenshot({ path: file, fullPage: true });
    console.log(file);
    return 0;
  } finally {
    await browser.close();
    await playback.stop();
    await server.stop();
  }
});
