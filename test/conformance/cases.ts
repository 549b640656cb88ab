import type { Version } from '../support/raw-client';
import { connectCases, sessionCases } from './connect-cases';
import type { ConformanceCase, Step } from './conversation';
import { publishCases } from './publish-cases';
import { retainCases } from './retain-cases';
import { subscribeCases } from './subscribe-cases';
import { willCases } from './will-cases';
import { Wire } from './wire';

export const conformanceCases: readonly ConformanceCase[] = [
  ...connectCases,
  ...sessionCases,
  ...willCases,
  ...publishCases,
  ...retainCases,
  ...subscribeCases,
];

/** The conversations that a version of MQTT has, by name. */
export function conversations(version: Version): { readonly name: string; readonly steps: readonly Step[] }[] {
  return conformanceCases.flatMap(({ name, shows, steps }, index) =>
    shows[version] === undefined ? [] : [{ name, steps: steps(new Wire(version, `${index}.${version}`)) }],
  );
}
