import { constants } from 'node:os';

let isWatched = false;
let onFailure: ((exitCode: number) => void) | undefined;

/**
 * Calls a listener when the output cannot be written, instead of ending the process: for a command that has to clean up first.
 *
 * @param listener - gets the exit code that the process would have ended with
 */
export function onOutputFailure(listener: (exitCode: number) => void): void {
  onFailure = listener;
}

/**
 * Ends the process when its output cannot be written, never with exit code 0: a command whose verdict nobody saw must not pass.
 *
 * A reader that closes its pipe early, as in `npm start | head -1`, is not an error. The exit code is then that of SIGPIPE, as for other programs.
 *
 * @param name - of the command, for the message
 */
export function endIfOutputFails(name: string): void {
  if (isWatched) return;
  isWatched = true;
  process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
    const exitCode = code === 'EPIPE' ? 128 + (constants.signals.SIGPIPE ?? 13) : 1;
    if (exitCode === 1) {
      const [reason] = message.split(', ');
      process.stderr.write(`${name}: The output cannot be written (${reason}).\n`);
    }
    if (onFailure) onFailure(exitCode);
    else process.exit(exitCode);
  });
  // Nothing can be said about an error of stderr itself.
  process.stderr.on('error', () => {});
}
