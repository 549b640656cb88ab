import type { Version } from '../support/raw-client';
import type { Wire } from './wire';

/** In the place of what a client sends: it goes without a word. */
export const goes = Symbol('goes');

/** Behind what a client gets: and then the connection is closed. */
export const closed = Symbol('closed');

/** A client sends some bytes, and gets exactly these. A client that is not connected is, when it is named. */
export type Step = readonly [who: string, sends: Buffer | typeof goes, ...gets: readonly (Buffer | typeof closed)[]];

/** A rule of MQTT, or several, as a conversation. */
export interface ConformanceCase {
  readonly name: string;
  /** The normative statements that it shows to be kept, by version, as in "3.1.0-1 3.2.0-1". It is held under these versions. */
  readonly shows: { readonly [version in Version]?: string };
  readonly steps: (wire: Wire) => readonly Step[];
}
