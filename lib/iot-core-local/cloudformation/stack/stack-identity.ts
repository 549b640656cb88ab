import { randomUUID } from 'node:crypto';
import type { Location } from '../../registry/arns';

/** A stack at its location. */
export interface StackIdentity extends Location {
  readonly stackName: string;
  readonly stackId: string;
}

/** The identity of a new stack. */
export function newIdentity(location: Location, stackName: string): StackIdentity {
  const { partition, region, accountId } = location;
  const stackId = `arn:${partition}:cloudformation:${region}:${accountId}:stack/${stackName}/${randomUUID()}`;
  return { ...location, stackName, stackId };
}
