import { describeFailure, RequestError } from '../../walk-through/clients/client-failure';

/**
 * Why something failed, in words that may reach a browser: those of the server and of the network. Other messages may name a path, so they
 * go to the terminal.
 *
 * @param complain - gets a message that must not reach a browser
 */
export function publicReason(error: unknown, complain: (message: string) => void): string {
  const { cause, message } = error instanceof Error ? error : new Error(String(error));
  for (const each of [error, cause]) if (each instanceof RequestError) return describeFailure(each.failure);
  complain(message);
  return 'it failed, and the terminal says why';
}
