import type { Style } from './row';

/** The styles in use. Without color each returns its text unchanged. */
export interface Paint {
  bold: Style;
  dim: Style;
  /** A success. */
  good: Style;
  /** A failure. */
  bad: Style;
  /** The n-th group or consumer. */
  destination(index: number): Style;
}

/** Cyan, magenta, blue, yellow: the first ones are legible on light and on dark. */
const destinationColors = [36, 35, 34, 33];

/** @param color - whether ANSI escape sequences are understood where the text goes */
export function paint(color: boolean): Paint {
  const style = (on: number, off: number): Style => {
    return (text) => (color && text ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
  const all = destinationColors.map((color) => style(color, 39));
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    good: style(32, 39),
    bad: style(31, 39),
    destination: (index) => all[index % all.length],
  };
}
