import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';

/** The lines that docs/aws.md shows below each command of its steps, by command. */
export function shownOutput(): ReadonlyMap<string, readonly string[]> {
  const document = readFileSync(join(projectRoot, 'docs', 'aws.md'), 'utf8');
  const [, steps = ''] = /^## Step by step$(.*?)^##/ms.exec(document) ?? [];
  const shown = new Map<string, string[]>();
  let command = '';
  for (const paragraph of steps.split(/\n{2,}/)) {
    command = /^(?:\*\*\d\. )?`([^`]+)`/.exec(paragraph)?.[1] ?? command;
    if (!paragraph.startsWith('    ')) continue;
    const lines = paragraph.split('\n').map((line) => line.trim());
    shown.set(command, [...(shown.get(command) ?? []), ...lines]);
  }
  return shown;
}

/**
 * The shown lines that an output does not have. In a shown line "…" stands for any text, and a space for any number of spaces.
 *
 * @param output - of a command on an account of IoT Core Local, whose devices have another folder than those of AWS
 */
export function linesNotIn(output: string, shown: readonly string[] = ['no line is shown']): string[] {
  const lines = output
    .replaceAll('devices/account/', 'devices/aws/')
    .split('\n')
    .map((line) => line.trim());
  return shown.filter((line) => !lines.some((printed) => patternOf(line).test(printed)));
}

function patternOf(line: string): RegExp {
  const parts = line.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${parts.join('.+')}$`.replace(/ +/g, ' +'));
}
