import type { RehearsalListener } from '../lib/rehearsal/perform';
import { rowsOf, runningRow } from '../lib/rehearsal/view/rows';
import { paint } from '../lib/walk-through/view/paint';
import { terminalOf } from '../lib/walk-through/view/terminal';

/** Shows each step of a rehearsal as it ends, and on a terminal the one that runs. */
export function stepTable(stream: NodeJS.WriteStream): RehearsalListener {
  const terminal = terminalOf(stream);
  const isShown = terminal.columns !== undefined && terminal.color;
  const colors = paint(terminal.color);
  return {
    begun(step) {
      if (isShown) stream.write(runningRow(step));
    },
    ended(result) {
      stream.write(`${isShown ? '\r\u001b[K' : ''}${rowsOf(result, colors).join('\n')}\n`);
    },
  };
}
