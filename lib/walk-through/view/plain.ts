import { describeAttempt } from '../attempts';
import type { Listener } from '../events';

/** The walk-through as plain lines, one for each event: for logs, pipes and terminals that are too narrow for lanes. */
export function plainLines(write: (line: string) => void): Listener {
  return (event) => {
    switch (event.type) {
      case 'connected':
        return write(`${event.device.thingName} connected as ${event.device.clientId}`);
      case 'subscribed':
        return write(`${event.device.thingName} subscribed to ${event.device.topicFilter}`);
      case 'published':
        return write(`${event.device.thingName} published ${event.message}`);
      case 'delivered':
        return write(`${event.device.thingName} got ${event.message}`);
      case 'trouble':
        return write(`${event.device.thingName} ${event.problem}`);
      case 'tried': {
        const { attempt, outcome } = event;
        const end = outcome.refused ? `refused (${outcome.answer})` : `NOT REFUSED: ${outcome.reason}`;
        return write(`${describeAttempt(attempt)}: ${end}`);
      }
      case 'settled':
        return;
    }
  };
}
