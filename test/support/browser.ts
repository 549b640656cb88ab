import { type Browser, chromium } from 'playwright-core';
import { browserProgram } from '../../lib/util/browser-program';
import { madeBy } from './hooks';

/** Tests in a real browser. They are skipped where there is none, except in CI. */
export function describeInBrowser(title: string, tests: (inUse: { readonly browser: Browser }) => void): void {
  const executablePath = browserProgram();
  if (executablePath === undefined && process.env.CI) {
    throw new Error('CI must not skip these tests, but there is no Chromium, Chrome or Edge here.');
  }
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
