import type { Style } from './row';

/** The few styles in use; each gives its text back as it was where there is no colour. */
export interface Paint {
  bold: Style;
  dim: Style;
  /** What is as it should be. */
  good: Style;
  /** What is not. */
  bad: Style;
  /** What belongs to the n-th group or consumer. */
  destination(index: number): Style;
}

const destinationColors = [36, 35, 33, 34];

/** @param colour whether the text goes where ANSI escape sequences are understood */
export function paint(colour: boolean): Paint {
  const style = (on: number, off: number): Style => {
    return (text) => (colour && text ? `\u001b[${on}m${text}\u001b[${off}m` : text);
  };
  const all = destinationColors.map((colour) => style(colour, 39));
  return {
    bold: style(1, 22),
    dim: style(2, 22),
    good: style(32, 39),
    bad: style(31, 39),
    destination: (index) => all[index % all.length],
  };
}

/** Whether a stream is a terminal that wants colour. See https://no-color.org. */
export function wantsColour(stream: { isTTY?: boolean }, env: NodeJS.ProcessEnv = process.env): boolean {
  return Boolean(stream.isTTY) && !env.NO_COLOR && env.TERM !== 'dumb';
}
