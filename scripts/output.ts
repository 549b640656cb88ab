import { constants } from 'node:os';

let isWatched = false;

/**
 * Ends the process when its output cannot be written, never with exit code 0: a command whose verdict nobody saw must not pass.
 *
 * A reader that closes its pipe early, as in `npm start | head -1`, is no error. The exit code is then that of SIGPIPE, as for other programs.
 *
 * @param name - of the command, for the message
 */
export function endIfOutputFails(name: string): void {
  if (isWatched) return;
  isWatched = true;
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    if (code === 'EPIPE') process.exit(128 + (constants.signals.SIGPIPE ?? 13));
    const [reason] = message.split(', ');
    process.stderr.write(`${name}: The output cannot be written (${reason}).\n`);
    process.exit(1);
  });
  // Nothing can be said about an error of stderr itself.
  process.stderr.on('error', () => {});
}
