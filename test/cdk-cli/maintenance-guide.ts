import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../lib/fleet/project';

/** Blocks of commands, each a list of lines. */
export type Blocks = readonly (readonly string[])[];

/** The sections of docs/maintenance.md that have commands, by their titles. */
export const maintenanceGuide: ReadonlyMap<string, Blocks> = sectionsOf(
  readFileSync(join(projectRoot, 'docs', 'maintenance.md'), 'utf8'),
);

/** The titles that the table at the top of docs/maintenance.md links to. */
export const rowsOfTable: readonly string[] = [
  ...readFileSync(join(projectRoot, 'docs', 'maintenance.md'), 'utf8').matchAll(/^\| \[.*\]\(#(.*?)\) \|/gm),
].map(([, anchor]) => anchor);

/** A title as GitHub writes it in a link. */
export function anchorOf(title: string): string {
  return title.toLowerCase().replaceAll(' ', '-').replaceAll(',', '');
}

function sectionsOf(markdown: string): Map<string, Blocks> {
  const [, ...sections] = markdown.split(/^## /m);
  const titled = sections.map((section) => [section.slice(0, section.indexOf('\n')), blocksOf(section)] as const);
  return new Map(titled.filter(([, blocks]) => blocks.length > 0));
}

/** The indented lines. */
function blocksOf(section: string): Blocks {
  const blocks = section.match(/(?:^ {4}\S.*\n)+/gm) ?? [];
  return blocks.map((block) =>
    block
      .trimEnd()
      .split('\n')
      .map((line) => line.trim()),
  );
}

/** A command's variables of the environment, and its words. The guide quotes whole words only. */
export function parseCommand(line: string): {
  readonly variables: readonly string[];
  readonly words: readonly string[];
} {
  const words = [...line.replace(/ +# .*$/, '').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare);
  const first = words.findIndex((word) => !/^\w+=/.test(word));
  return { variables: words.slice(0, first), words: words.slice(first) };
}
