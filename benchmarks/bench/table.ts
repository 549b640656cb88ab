/** The result of a part of the benchmark. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** Sentences: what is compared, and how. */
  readonly notes: readonly string[];
}

export type Cell = string | number | undefined;

/** The table as text, its columns aligned. */
export function formatTable({ title, columns, rows, notes }: Table): string {
  const lines = [columns, ...rows.map((row) => row.map(formatCell))];
  const widths = columns.map((_column, index) => Math.max(...lines.map((line) => line[index].length)));
  const body = lines.map((line) => line.map((cell, index) => pad(cell, widths[index], index)).join('  '));
  return [title, '', ...body, '', ...notes, ''].join('\n');
}

/** The rows as objects, for `--json`. */
export function tableToJson({ columns, rows }: Table): Record<string, Cell>[] {
  return rows.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])));
}

function pad(cell: string, width: number, index: number): string {
  return index === 0 ? cell.padEnd(width) : cell.padStart(width);
}

function formatCell(cell: Cell): string {
  if (cell === undefined) return '-';
  if (typeof cell === 'string') return cell;
  const digits = Math.abs(cell) >= 100 || Number.isInteger(cell) ? 0 : Math.abs(cell) >= 10 ? 1 : 2;
  return cell.toLocaleString('en', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
