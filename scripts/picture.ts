import { writeFileSync } from 'node:fs';
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
Usage: npm run picture [-- options]

Makes docs/page.png, the picture of the page, from the recording docs/page.json in Chromium, Chrome or Edge.

Options:
  --record  first record docs/page.json anew, for some twelve seconds: a member of a group is slow, is killed, and its messages come again
  --help    this text

Exit code: 0 if the picture is made, 1 if not, 2 for a bad option.
`;

/** Milliseconds of the recording's end that are played as fast as they were recorded, so that messages are seen to travel. */
const live = 1_500;

/** Milliseconds of these after which the picture is taken. */
const taken = 1_500;

const recordingFile = join(projectRoot, 'docs/page.json');

runCommand('picture', { usage, options: { record: { type: 'boolean', default: false } } }, async ({ record }) => {
  const executablePath = browserProgram();
  if (!executablePath) throw new Error('There is no Chromium, Chrome or Edge on this machine: install one.');
  if (record) await recordAnew();
  const recording = readRecording(recordingFile);
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

/** Records the show, with an event a line, so that a difference can be read. */
async function recordAnew(): Promise<void> {
  // It loads the CDK, which takes half a second. A picture alone does without.
  const { recordShow } = require('./page-recording') as typeof import('./page-recording');
  const { events, ...rest } = await recordShow();
  const lines = events.map((each) => JSON.stringify(each)).join(',\n');
  const head = JSON.stringify({ ...rest, events: [] }).replace(/\]\}$/, '');
  writeFileSync(recordingFile, `${head}\n${lines}\n]}\n`);
  console.log(recordingFile);
}
