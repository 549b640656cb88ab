import type { Version } from '../support/raw-client';
import type { Wire } from './wire';

/** In the place of sent bytes: the client goes without DISCONNECT. */
export const goes = Symbol('goes');

/** Behind received bytes: the connection is closed then. */
export const closed = Symbol('closed');

/** A client sends some bytes and gets exactly these. A client connects when it is first named. */
export type Step = readonly [who: string, sends: Buffer | typeof goes, ...gets: readonly (Buffer | typeof closed)[]];

/** A rule of MQTT, or several, as a conversation. */
export interface ConformanceCase {
  readonly name: string;
  /** The normative statements that it shows to be kept, by version, as in "3.1.0-1 3.2.0-1". It runs under these versions. */
  readonly shows: { readonly [version in Version]?: string };
  readonly steps: (wire: Wire) => readonly Step[];
}
