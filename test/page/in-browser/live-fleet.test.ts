import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { Fleet } from '../../../lib/fleet/fleet';
import { Hub } from '../../../lib/page/server/hub';
import { PageServer } from '../../../lib/page/server/page-server';
import { Director } from '../../../lib/page/shows/director';
import { LocalFleets } from '../../../lib/page/shows/local-fleets';
import { scenarios } from '../../../lib/walk-through/scenarios/scenarios';
import { describeInBrowser } from '../../support/browser';
import { demoContext } from '../../support/demo-fleet';
import { temporaryFolder } from '../../support/temporary-folder';

describeInBrowser('The page of a live fleet', (inUse) => {
  const devicesRoot = temporaryFolder();
  const hub = new Hub();
  const complain = jest.fn<void, [string]>();
  const source = new LocalFleets(Fleet.fromContext(demoContext), devicesRoot);
  const director = new Director({ mqtt: 5, qos: 1, scenarios, tell: hub.tell, complain, source });
  const messages: string[] = [];
  let server: PageServer;
  let page: Page;

  beforeAll(async () => {
    server = await PageServer.start({ port: 0, hub, program: director, isRecording: false, complain });
    await director.begin();
    await director.act({ do: 'pause' });
    page = await inUse.browser.newPage();
    page.setDefaultTimeout(5_000);
    page.on('console', (message) => messages.push(message.text()));
    page.on('pageerror', (error) => messages.push(error.message));
    await page.goto(server.url);
    await page.getByText('Ready. No message is sent yet.').waitFor();
  }, 30_000);

  afterAll(async () => {
    await director.stop();
    await server?.stop();
  });

  afterEach(() => {
    expect(messages).toEqual([]);
    expect(complain).not.toHaveBeenCalled();
  });

  const card = (name: string) => page.locator('.card', { has: page.getByRole('heading', { name, exact: true }) });
  const countOf = async (name: string) => Number(await card(name).locator('.count').textContent());
  /** How many messages a subscriber got, also those that it has not acknowledged. */
  const gotBy = async (name: string) => {
    const waiting = (await card(name).locator('.detail').textContent()) ?? '';
    return (await countOf(name)) + (Number.parseInt(waiting, 10) || 0);
  };
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  const members = ['subscriber2A', 'subscriber2B'];

  /** Sends messages by a car's button until enough have arrived. */
  async function sendUntil(isEnough: () => Promise<boolean>): Promise<void> {
    for (let round = 0; round < 100 && !(await isEnough()); round += 1) {
      await press('Send one message from car1');
      await page.waitForTimeout(20);
    }
    expect(await isEnough()).toBe(true);
  }

  test('The page of a live fleet shows that a message reaches one member of the group, and the consumer', async () => {
    await press('Send one message from car1');
    await card('consumer3').getByText('1 ✓', { exact: true }).waitFor();
    await page.locator('.group .chip.acknowledged').waitFor();
    const counts = await Promise.all(members.map(countOf));
    expect(counts.sort()).toEqual([0, 1]);
    expect(await countOf('consumer3')).toBe(1);
    await page.locator('#verdict').getByText('Pass so far.').waitFor();
  });

  test('The page of a live fleet shows that the messages of a killed member come again elsewhere', async () => {
    await director.act({ do: 'slow', device: 'subscriber2A', milliseconds: 5_000 });
    const held = card('subscriber2A').locator('.chip.sent');
    await sendUntil(async () => (await held.count()) > 0);
    const number = Number.parseInt((await held.first().textContent())!, 10);
    await press('Kill subscriber2A');
    await card('subscriber2B').getByText(`↻ ${number} ✓`, { exact: true }).waitFor();
    await card('subscriber2A').getByText(`${number} ×`, { exact: true }).waitFor();
    await card('subscriber2A').getByText('killed', { exact: true }).waitFor();
    await press('Revive subscriber2A');
    await card('subscriber2A').getByText('in group2').waitFor();
  });

  test('The page of a live fleet shows that a slow member gets fewer messages', async () => {
    await director.act({ do: 'slow', device: 'subscriber2A', milliseconds: 5_000 });
    const before = await Promise.all(members.map(gotBy));
    const sent = await countOf('consumer3');
    await sendUntil(async () => (await countOf('consumer3')) >= sent + 12);
    const [slow, fast] = (await Promise.all(members.map(gotBy))).map((count, index) => count - before[index]);
    expect(fast).toBeGreaterThan(slow + 5);
    await director.act({ do: 'slow', device: 'subscriber2A', milliseconds: 0 });
  });

  test('The page of a live fleet shows that a member leaves without a message that comes again, and joins', async () => {
    const again = await page.locator('.chip.again').count();
    await press('Leave subscriber2B');
    await card('subscriber2B').getByText('left', { exact: true }).waitFor();
    expect(await page.locator('.chip.again').count()).toBe(again);
    await press('Join subscriber2B');
    await card('subscriber2B').getByText('in group2').waitFor();
  });

  test('The page of a live fleet shows why a forbidden attempt is refused, and what would allow it', async () => {
    await page.getByLabel('Device').selectOption('subscriber2A');
    await page.getByLabel('Attempt').selectOption({ label: 'publishing to cars/data' });
    await press('Try');
    const shown = page.locator('#tried li').first();
    await shown.getByText('PUBACK 0x87').waitFor();
    const facts = (await shown.locator('dl').textContent())!;
    for (const fact of [
      'subscriber2a-sub',
      'iot:Publish',
      'topic/cars/data',
      '"Effect":"Allow","Action":"iot:Publish"',
    ]) {
      expect(facts).toContain(fact);
    }
    await page.getByText('1 of 1 refused.').waitFor();
  });

  test('The page of a live fleet gives the browser no key, no certificate and no path', async () => {
    const recording = JSON.stringify(hub.recording);
    const state = JSON.stringify(hub.state);
    const html = await page.content();
    const { folders } = await source.deploy(demoContext);
    for (const text of [recording, state, html]) {
      expect(text).not.toMatch(/BEGIN [A-Z ]*(KEY|CERTIFICATE)|\.pem|private\.key|arn:aws:iot:[^"]*:cert\//);
      expect(text).not.toContain(devicesRoot);
      for (const { keyFile, certificateFile } of folders.values()) {
        for (const file of [keyFile, certificateFile]) {
          const [, line] = readFileSync(file, 'utf8').split('\n');
          expect(text).not.toContain(line);
        }
      }
    }
  });

  test('The page of a live fleet finds no fault by axe', async () => {
    await page.evaluate(readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8'));
    const { violations } = await page.evaluate(() => {
      const axe = (
        globalThis as unknown as {
          axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
        }
      ).axe;
      return axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
    });
    expect(violations.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
  });
});
