import type { App } from 'aws-cdk-lib/core';
import type { FleetPart } from '../fleet/fleet-parts';
import { FleetStack } from './fleet-stack';
import type { TeardownStack } from './teardown-stack';

export interface StacksOptions {
  /** The devices of each fleet stack. */
  readonly parts: readonly FleetPart[];

  /** Each device's certificate request in PEM, by thing name. */
  readonly csrs: ReadonlyMap<string, string>;

  /** The checkout that holds the devices' keys. */
  readonly checkoutId: string;

  /**
   * Whether each fleet stack gets its teardown stack. The fleet stacks are the same without, and are synthesized faster.
   *
   * @default true
   */
  readonly withTeardown?: boolean;
}

/** The stacks of a fleet, in the order of its parts. */
export interface FleetStacks {
  readonly fleetStacks: readonly FleetStack[];
  /** The teardown stack of each fleet stack, or none. */
  readonly teardownStacks: readonly TeardownStack[];
}

/** Adds all stacks of a fleet to an app. */
export function addStacks(app: App, { parts, csrs, checkoutId, withTeardown = true }: StacksOptions): FleetStacks {
  const fleetStacks = parts.map(
    (part, index) => new FleetStack(app, stackId('Fleet', index), { fleet: part, csrs, checkoutId }),
  );
  // A device only ever moves to a stack with a higher number. It must be gone from its old stack before the new one creates it.
  for (const [index, stack] of fleetStacks.slice(1).entries()) stack.addStackDependency(fleetStacks[index]);
  return { fleetStacks, teardownStacks: withTeardown ? addTeardownStacks(app, fleetStacks, checkoutId) : [] };
}

function addTeardownStacks(app: App, fleetStacks: readonly FleetStack[], checkoutId: string): TeardownStack[] {
  // Loaded only when needed: it loads AWS Lambda's constructs and a bundler.
  const { TeardownStack }: typeof import('./teardown-stack') = require('./teardown-stack');
  return fleetStacks.map(
    (fleetStack, index) => new TeardownStack(app, stackId('Teardown', index), { fleetStack, checkoutId }),
  );
}

/**
 * The id of one of a fleet's stacks: SharedSubscriptionsFleet, SharedSubscriptionsFleet-002 and so on.
 *
 * The first stack has no number, so it keeps its name, and its devices, when a second one is added.
 */
export function stackId(kind: 'Fleet' | 'Teardown', index: number): string {
  return `SharedSubscriptions${kind}${index === 0 ? '' : `-${String(index + 1).padStart(3, '0')}`}`;
}
