import type { Car, Device, Subscriber } from '../fleet/fleet';
import type { Attempt, Outcome } from './attempts';

/** An event of a walk-through. Events come in the order in which they happen. */
export type WalkThroughEvent =
  | { readonly type: 'connected'; readonly device: Device }
  | { readonly type: 'subscribed'; readonly device: Subscriber }
  /** A car is about to publish a message. It comes before any event of its arrival. */
  | { readonly type: 'published'; readonly device: Car; readonly message: string }
  | { readonly type: 'delivered'; readonly device: Device; readonly message: string; readonly topic: string }
  /** Something failed that should not. The problem continues a sentence that begins with the device's name: `was disconnected: …`. */
  | { readonly type: 'trouble'; readonly device: Device; readonly problem: string }
  /** Counting ends: all messages have arrived, or none has arrived for too long. */
  | { readonly type: 'settled' }
  /** A forbidden attempt was made. */
  | { readonly type: 'tried'; readonly attempt: Attempt; readonly outcome: Outcome };

export type Listener = (event: WalkThroughEvent) => void;
