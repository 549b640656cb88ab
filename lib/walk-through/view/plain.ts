import { escapeControls } from '../../util/escape-controls';
import { describeAttempt } from '../attempts';
import type { Listener } from '../events';
import { barLines } from './bars';
import type { Paint } from './paint';

export interface PlainOptions {
  /** Whether each refused attempt has a line. */
  readonly isVerbose: boolean;
  readonly columns: number;
  readonly paint: Paint;
}

/** The walk-through as plain lines, one for each event: for logs, pipes and terminals that are too narrow for lanes. */
export function plainLines(write: (line: string) => void, { isVerbose, columns, paint }: PlainOptions): Listener {
  return (event) => {
    switch (event.type) {
      case 'connected':
        return write(`${event.device.thingName} connected as ${event.device.clientId}`);
      case 'subscribed':
        return write(`${event.device.thingName} subscribed to ${event.device.topicFilter}`);
      case 'step':
        return write(event.sentence);
      case 'published':
        return write(`${event.device.thingName} published ${escapeControls(event.message)}`);
      case 'held':
        return write(`${event.device.thingName} got ${escapeControls(event.message)} and has not acknowledged it yet`);
      case 'delivered':
        return write(`${event.device.thingName} got ${escapeControls(event.message)}`);
      case 'trouble':
        return write(`${event.device.thingName} ${escapeControls(event.problem)}`);
      case 'measured':
        write(`${event.title}:`);
        for (const line of barLines(event.bars, columns, paint, event.unit)) write(line);
        return;
      case 'tried': {
        const { attempt, outcome } = event;
        if (!outcome.refused) write(`${describeAttempt(attempt)}: NOT REFUSED: ${escapeControls(outcome.reason)}`);
        else if (isVerbose) write(`${describeAttempt(attempt)}: refused (${outcome.answer})`);
        if (isVerbose && event.reason) write(`  ${escapeControls(event.reason)}`);
        return;
      }
      case 'disconnected':
      case 'accepted':
      case 'publishing':
      case 'completed':
      case 'missed':
      case 'settled':
      case 'found':
      case 'excused':
        return;
    }
  };
}
