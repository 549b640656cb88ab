import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { madeBy } from './hooks';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** Where installers put a browser that is not in PATH. */
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
  'C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe',
];

/** The program of Chromium, Chrome or Edge on this machine, if it has one. */
function browserProgram(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const inPath = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...inPath, ...places].find((file) => existsSync(file));
}

/** Tests in a real browser. They are skipped where there is none, except in CI. */
export function describeInBrowser(title: string, tests: (inUse: { readonly browser: Browser }) => void): void {
  const executablePath = browserProgram();
  if (executablePath === undefined && process.env.CI)
    throw new Error('CI must not skip these tests, but there is no Chromium, Chrome or Edge here.');
  const describeIt = executablePath === undefined ? describe.skip : describe;
  describeIt(executablePath === undefined ? `${title} (skipped: no browser here)` : title, () => {
    const inUse = madeBy(
      beforeAll,
      async () => {
        // In a container the user is often root, for whom Chromium has no sandbox. The tests open only their own page.
        return { browser: await chromium.launch({ executablePath, args: ['--no-sandbox'] }) };
      },
      30_000,
    );
    afterAll(() => inUse.browser?.close());
    tests(inUse);
  });
}
