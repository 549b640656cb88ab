import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Version } from '../support/raw-client';
import { conformanceCases } from './cases';

/** One of a specification's normative statements, as a row of its table has it. */
export interface Statement {
  /** As in "3.1.0-1", for [MQTT-3.1.0-1]. */
  readonly id: string;
  /** Where it is shown to be kept, or why not: by which rule, or whom else it binds. */
  readonly where: string;
}

const tables = { 4: 'mqtt-3.1.1.md', 5: 'mqtt-5.md' } as const;

/** The statements of a version of MQTT, from its table. */
export function statements(version: Version): Statement[] {
  const rows = readFileSync(join(__dirname, tables[version]), 'utf8').matchAll(/^\| (\d\S+) +\|[^|]+\| (.+?) +\|$/gm);
  return Array.from(rows, ([, id, where]) => ({ id, where }));
}

/** What the row of a statement says that conversations show; undefined where none does. */
export function whereShown(version: Version, id: string): string | undefined {
  const cases = conformanceCases.filter(({ shows }) => shows[version]?.split(' ').includes(id));
  if (cases.length === 0) return undefined;
  const more = cases.length > 1 ? `, and ${cases.length - 1} more` : '';
  return `test: ${cases[0].name}${more}`;
}
