import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import type { PageEvent } from '../../../lib/page/model/events';
import { Hub } from '../../../lib/page/server/hub';
import { PageServer } from '../../../lib/page/server/page-server';
import type { Program } from '../../../lib/page/shows/show';
import { describeInBrowser } from '../../support/browser';
import { demoShow, messageEvents } from '../../support/page-show';

/** The elements that reach beyond the window, and the cards whose content reaches beyond them. */
const beyondItsBox = `
  [
    ...[...document.querySelectorAll('main *, header *, nav *, footer *')].filter(
      (box) => !box.closest('.visually-hidden') && box.getBoundingClientRect().right > document.documentElement.clientWidth + 1),
    ...[...document.querySelectorAll('.card')].filter((card) => card.scrollWidth > card.clientWidth + 1),
  ].map((box) => box.outerHTML.slice(0, 80))
`;

describeInBrowser('The page, whatever it shows,', (inUse) => {
  const acted: unknown[] = [];
  const program: Program = {
    scenarios: [{ name: 'shared', shows: 'the fleet' }],
    act: async (action) => void acted.push(action),
    stop: async () => {},
  };
  const messages: string[] = [];
  let hub: Hub;
  let server: PageServer;
  let page: Page;

  const serve = (port = 0) => PageServer.start({ port, hub, program, isRecording: false, complain: () => {} });

  /** Opens the page. @param options - of the browser's context */
  async function open(options: Parameters<typeof inUse.browser.newPage>[0] = {}): Promise<Page> {
    const opened = await inUse.browser.newPage(options);
    opened.setDefaultTimeout(10_000);
    opened.on('console', (message) => messages.push(message.text()));
    opened.on('pageerror', (error) => messages.push(error.message));
    await opened.goto(server.url);
    await opened.locator('.card').first().waitFor();
    return opened;
  }

  beforeEach(async () => {
    acted.length = 0;
    messages.length = 0;
    hub = new Hub();
    hub.tell(demoShow());
    for (const device of ['car1', 'car2']) hub.tell({ type: 'status', device, status: 'connected' });
    for (const device of ['subscriber2A', 'subscriber2B', 'consumer3']) {
      hub.tell({ type: 'status', device, status: 'subscribed' });
    }
    server = await serve();
    page = await open();
  });

  afterEach(async () => {
    await page.close();
    await server.stop();
  });

  function tell(events: readonly PageEvent[]): void {
    for (const event of events) hub.tell(event);
    hub.flush();
  }

  const countIs = (count: string, on = page) =>
    on.locator('.consumer .count', { hasText: new RegExp(`^${count}$`) }).waitFor();

  test('The page has as many elements after 10,000 events at once as after 1,000', async () => {
    const events = messageEvents(1_700).slice(0, 10_000);
    const elements = () => page.evaluate<number>("document.querySelectorAll('*').length");
    tell(events.slice(0, 1_000));
    await countIs('166');
    await page.locator('.dot').first().waitFor({ state: 'detached' });
    const few = await elements();
    tell(events.slice(1_000));
    await countIs('1,666');
    await page.locator('.dot').first().waitFor({ state: 'detached' });
    expect(await elements()).toBe(few);
    expect(messages).toEqual([]);
  });

  test('The page spends less than a quarter of the time at 500 messages a second', async () => {
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' });
    // Seconds of the page's thread: of the script, which reduces and patches, and of the layout that follows from it.
    const kinds = ['ScriptDuration', 'LayoutDuration', 'RecalcStyleDuration'];
    const spent = async () => {
      const { metrics } = await session.send('Performance.getMetrics');
      return metrics.filter(({ name }) => kinds.includes(name)).reduce((sum, { value }) => sum + value, 0);
    };
    const before = await spent();
    const begin = performance.now();
    // As fast as 500 messages a second come: 20 at each 40 ms.
    for (let batch = 0; batch < 25; batch += 1) {
      tell(messageEvents(20, 1 + 20 * batch));
      const due = begin + 40 * (batch + 1) - performance.now();
      if (due > 0) await new Promise((resolve) => setTimeout(resolve, due));
    }
    await countIs('500');
    const seconds = (performance.now() - begin) / 1000;
    const share = ((await spent()) - before) / seconds;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(0.25);
  });

  test('The page shows the same in a second page, and after a reload', async () => {
    tell(messageEvents(5));
    const second = await open();
    await countIs('5', second);
    await page.reload();
    await countIs('5');
    tell(messageEvents(2, 6));
    await Promise.all([countIs('7'), countIs('7', second)]);
    expect(await second.locator('#fleet').textContent()).toBe(await page.locator('#fleet').textContent());
    await second.close();
    expect(messages).toEqual([]);
  });

  test('The page says that the server is gone, connects when it is back, and can then act', async () => {
    const port = Number(new URL(server.url).port);
    await server.stop();
    await page.getByText('The server is gone.').waitFor();
    server = await serve(port);
    await page.getByText('The server is gone.').waitFor({ state: 'hidden' });
    await page.locator('.card').first().waitFor();
    const answered = page.waitForResponse('**/actions');
    await page.getByRole('button', { name: 'Pause' }).click();
    expect((await answered).status()).toBe(204);
    expect(acted).toEqual([{ do: 'pause' }]);
  });

  test('The page can be used with the keyboard alone', async () => {
    const nameOfFocused =
      "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent).trim()";
    const focused = () => page.evaluate<string>(nameOfFocused);
    const found: string[] = [];
    for (let press = 0; press < 30; press += 1) {
      await page.keyboard.press('Tab');
      const name = await focused();
      if (found.includes(name)) break;
      found.push(name);
      if (name === 'Kill subscriber2A') await page.keyboard.press('Enter');
      if (name === 'Milliseconds per message of subscriber2B') await page.keyboard.press('ArrowRight');
      if (name === 'shared') await page.keyboard.press('Space');
    }
    expect(found).toEqual(
      expect.arrayContaining([
        'live fleet',
        'shared',
        'Messages a second of all cars',
        'Pause',
        'Send one message from car1',
        'Milliseconds per message of subscriber2A',
        'Kill subscriber2A',
        'Leave subscriber2A',
        'Kill consumer3',
        'Save the events',
      ]),
    );
    expect(acted).toEqual([
      { do: 'scenario', name: 'shared' },
      { do: 'kill', device: 'subscriber2A' },
      { do: 'slow', device: 'subscriber2B', milliseconds: 100 },
    ]);
  });

  test('The page announces the counts now and then, and not each message', async () => {
    await page.evaluate(`
      globalThis.changes = 0;
      new MutationObserver(() => { changes += 1; })
        .observe(document.getElementById('announcer'), { childList: true, characterData: true, subtree: true });
    `);
    tell(messageEvents(200));
    tell([{ type: 'status', device: 'subscriber2A', status: 'killed' }]);
    await page.locator('#announcer', { hasText: 'subscriber2A: killed.' }).waitFor({ state: 'attached' });
    expect(await page.evaluate<number>('changes')).toBeLessThanOrEqual(2);
    expect(await page.locator('[aria-live], [role=status], [role=alert]').count()).toBe(3);
  });

  test('The page moves nothing where the user prefers reduced motion', async () => {
    const still = await open({ reducedMotion: 'reduce' });
    tell(messageEvents(3));
    await countIs('3', still);
    expect(await still.locator('.dot').count()).toBe(0);
    expect(
      await still.evaluate<number>("document.getAnimations().filter((each) => !('animationName' in each)).length"),
    ).toBe(0);
    await still.close();
  });

  test('The page fits into 360 and into 2,560 pixels, with two devices and with twenty-five', async () => {
    const device = (role: 'car' | 'member' | 'consumer', index: number) => ({
      name: `${role}-with-a-long-name-${index}`,
      clientId: `${role}${index}`,
      role,
      ...(role === 'member' && { group: `group${index % 3}` }),
    });
    const fleets = [
      [device('car', 1), device('consumer', 1)],
      Array.from({ length: 25 }, (_, index) => device(index < 10 ? 'car' : index < 22 ? 'member' : 'consumer', index)),
    ];
    for (const devices of fleets) {
      tell([demoShow({ devices })]);
      await page
        .locator('.card')
        .nth(devices.length - 1)
        .waitFor();
      for (const width of [360, 1_280, 2_560]) {
        await page.setViewportSize({ width, height: 900 });
        const beyond = await page.evaluate<string[]>(beyondItsBox);
        expect([width, devices.length, beyond]).toEqual([width, devices.length, []]);
      }
    }
  });

  test.each(['light', 'dark'] as const)(
    'The page has no fault that axe finds in %s colors, with every kind of chip',
    async (colorScheme) => {
      await page.emulateMedia({ colorScheme });
      const attempt = {
        device: 'car1',
        sentence: 'car1 x',
        client: 'car1',
        action: 'iot:Publish',
        resource: 'topic/x',
      };
      tell([
        demoShow({ attempts: [attempt] }),
        ...messageEvents(3),
        { type: 'arrived', number: 4, device: 'subscriber2A', from: 'car1', isAgain: false },
        { type: 'status', device: 'subscriber2A', status: 'killed' },
        { type: 'arrived', number: 4, device: 'subscriber2B', from: 'subscriber2A', isAgain: true },
        { type: 'status', device: 'subscriber2B', status: 'lost', problem: 'was disconnected: DISCONNECT 0x8e' },
        { type: 'arrived', number: 5, device: 'consumer3', from: 'car1', isAgain: false },
        { type: 'tried', tried: { attempt, isRefused: true, answer: 'PUBACK 0x87', reason: 'No.', statement: '{}' } },
        { type: 'tried', tried: { attempt, isRefused: false, answer: 'it was allowed' } },
        { type: 'step', sentence: 'A step.' },
        { type: 'measured', measured: { title: 'Shares', unit: 's', bars: [{ name: 'a', value: 1 }] } },
        { type: 'verdict', verdict: { verdict: 'fail', sentence: 'Fail. It did not.', details: ['Why.'] } },
      ]);
      await page.getByText('Fail. It did not.').waitFor();
      await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
      const violations = await page.evaluate(async () => {
        type Axe = { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        const { violations } = await (globalThis as unknown as { axe: Axe }).axe.run();
        return violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)]);
      });
      expect(violations).toEqual([]);
    },
  );
});
