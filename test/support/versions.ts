import type { Version } from './raw-client';

/** Both versions of MQTT, by the name that a test has for each. */
export const versions: readonly (readonly [name: string, version: Version])[] = [
  ['3.1.1', 4],
  ['5', 5],
];
