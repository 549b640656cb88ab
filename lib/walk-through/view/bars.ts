import type { Bar } from '../events';
import type { Paint } from './paint';

/**
 * Bars, a line each: name, bar, number. The longest takes what room there is.
 *
 * @param columns - the most columns
 * @param unit - goes behind each number
 */
export function barLines(bars: readonly Bar[], columns: number, { dim }: Paint, unit = ''): string[] {
  if (bars.length === 0) return [];
  const names = Math.max(...bars.map(({ name }) => name.length));
  const numbers = bars.map(({ value }) => `${Number.isInteger(value) ? value : value.toFixed(1)}${unit && ` ${unit}`}`);
  const room = Math.max(1, Math.min(40, columns - names - 2 - Math.max(...numbers.map(({ length }) => length))));
  const most = Math.max(...bars.map(({ value }) => value));
  return bars.map(({ name, value }, index) => {
    // Something is never shown as nothing.
    const length = value > 0 ? Math.max(1, Math.round((value / most) * room)) : 0;
    return `${name.padEnd(names)} ${dim('█'.repeat(length))}${length ? ' ' : ''}${numbers[index]}`;
  });
}
