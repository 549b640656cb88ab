import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { anchorOf, maintenanceGuide, rowsOfTable } from './maintenance-guide';

const tests = readdirSync(__dirname)
  .filter((name) => /^maintenance-of-.*\.test\.ts$/.test(name))
  .map((name) => readFileSync(join(__dirname, name), 'utf8'))
  .join('\n');

test('Each section of docs/maintenance.md with commands has a row in its table, and each row has commands', () => {
  expect(rowsOfTable).toEqual([...maintenanceGuide.keys()].map(anchorOf));
});

test.each([...maintenanceGuide])('A test types the commands of "%s" in docs/maintenance.md', (title, blocks) => {
  const typed = blocks.filter((_block, index) => tests.includes(`type('${title}', ${index}`));
  expect(typed).toEqual(blocks);
});
