import type { Car, Device, Subscriber } from '../fleet/fleet';
import type { PublishedMessage } from './arrivals';
import type { Attempt, Outcome } from './attempts';

/** A name and a number, such as a member and how many messages it got. */
export interface Bar {
  readonly name: string;
  readonly value: number;
}

/** An event of a walk-through. Events come in the order in which they happen. */
export type WalkThroughEvent =
  | { readonly type: 'connected'; readonly device: Device }
  | { readonly type: 'subscribed'; readonly device: Subscriber }
  /** The scenario ended a device's connection: with DISCONNECT, or without one as a device does that fails. */
  | { readonly type: 'disconnected'; readonly device: Device; readonly isCut: boolean }
  /** The scenario takes its next step, which a sentence describes. */
  | { readonly type: 'step'; readonly sentence: string }
  /** This many messages will be published. */
  | { readonly type: 'publishing'; readonly count: number }
  /** A car is about to publish a message. It comes before any event of its arrival. */
  | { readonly type: 'published'; readonly device: Car; readonly message: string }
  /** The server acknowledged a car's message (QoS 1), or the car has written it (QoS 0). */
  | { readonly type: 'accepted'; readonly device: Car; readonly message: string }
  /** A subscriber got a message and has not acknowledged it yet. Only subscribers that take time for a message have this event. */
  | { readonly type: 'held'; readonly device: Device; readonly message: string }
  | { readonly type: 'delivered'; readonly device: Device; readonly message: string; readonly topic: string }
  /** A message has reached every destination. */
  | { readonly type: 'completed'; readonly published: PublishedMessage }
  /** Counting ends, and a message has not reached every destination. These events come in the order of publication. */
  | { readonly type: 'missed'; readonly published: PublishedMessage }
  /** Something failed that should not. The problem continues a sentence that begins with the device's name: `was disconnected: …`. */
  | { readonly type: 'trouble'; readonly device: Device; readonly problem: string }
  /** Counting ends: all messages have arrived, or none has arrived for too long. */
  | { readonly type: 'settled'; readonly received: readonly Bar[] }
  /** Numbers to compare, such as the members' shares. */
  | { readonly type: 'measured'; readonly title: string; readonly unit: string; readonly bars: readonly Bar[] }
  /** The scenario found what it looks for, or the contrary, which fails its verdict. */
  | { readonly type: 'found'; readonly holds: boolean; readonly sentence: string }
  /** These messages may be lost without a fault. The reason is a sentence. */
  | { readonly type: 'excused'; readonly messages: readonly string[]; readonly reason: string }
  /** A forbidden attempt was made. The reason is the target's, where it says why it refuses. */
  | { readonly type: 'tried'; readonly attempt: Attempt; readonly outcome: Outcome; readonly reason?: string };

export type Listener = (event: WalkThroughEvent) => void;
