import type { Version } from './raw-client';

/** Both versions of MQTT, with their names in test titles. */
export const versions: readonly (readonly [name: string, version: Version])[] = [
  ['3.1.1', 4],
  ['5', 5],
];
