import type { Waiting } from './connection';
import type { Session } from './session';

/**
 * Of the full receivers of a message, the one that its sender waits for: the fullest.
 *
 * A sender does not wait for itself, or for a client that waits for the sender, perhaps through others: that client cannot acknowledge
 * anything before the sender's packets are read. So nobody ever waits in a circle. Such a client gets more messages than it should, up to the
 * bound for a client that is away.
 *
 * @param one - the receiver so far, if there is one
 * @param other - a receiver that is full too
 * @param sender - none for a message that nobody waits with
 */
export function awaitedReceiver(
  one: Session | undefined,
  other: Session,
  sender: Session | undefined,
): Session | undefined {
  if (sender && dependsOn(other, sender)) return one;
  return one && one.fullness >= other.fullness ? one : other;
}

/** Whether a client is the sender, or waits for it, perhaps through others. */
function dependsOn(client: Waiting, sender: Waiting): boolean {
  let awaited: Waiting | undefined = client;
  while (awaited && awaited !== sender) awaited = awaited.waitsFor;
  return awaited === sender;
}
