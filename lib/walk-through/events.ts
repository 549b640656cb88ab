import type { Car, Device, Subscriber } from '../fleet/fleet';
import type { Attempt, Outcome } from './attempts';

/** What happens in a walk-through, in the order in which it happens. */
export type WalkThroughEvent =
  | { readonly type: 'connected'; readonly device: Device }
  | { readonly type: 'subscribed'; readonly device: Subscriber }
  /** A message is on its way; told before anyone can have received it. */
  | { readonly type: 'published'; readonly device: Car; readonly message: string }
  | { readonly type: 'delivered'; readonly device: Device; readonly message: string; readonly topic: string }
  /** What should have gone well did not; the problem goes on from the device's name: `was disconnected: …`. */
  | { readonly type: 'trouble'; readonly device: Device; readonly problem: string }
  /** No more counted messages will be waited for: all have come, or none came for too long. */
  | { readonly type: 'settled' }
  /** Something forbidden was tried. */
  | { readonly type: 'tried'; readonly attempt: Attempt; readonly outcome: Outcome };

export type Listener = (event: WalkThroughEvent) => void;
