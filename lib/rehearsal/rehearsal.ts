import type { Fleet } from '../fleet/fleet';
import type { CommandOutcome } from '../targets/cdk-cli';
import type { DeviceClient } from '../walk-through/clients/device-client';
import type { RehearsalAccount } from './account/rehearsal-account';
import type { Stranger } from './account/stranger';
import type { Checkout, Synthesis } from './checkout';
import type { FleetChange } from './fleet-change';

/** What the steps of a rehearsal share. */
export interface Rehearsal {
  readonly account: RehearsalAccount;
  readonly checkout: Checkout;
  /** The fleet of cdk.json, synthesized. */
  readonly first: Synthesis;
  /** What the update changes. */
  readonly change: FleetChange;
  /** Runs the CDK's CLI on the account. Its output goes to the file that the rehearsal names. */
  cdk(...args: string[]): Promise<CommandOutcome>;
  /** What was deployed last, or was begun to be deployed. */
  deployed?: Synthesis;
  /** What belongs to somebody else, and must stay as it is. */
  stranger?: Stranger;
  /** The ids of all certificates that the fleet has had. */
  readonly certificateIds: Set<string>;
  /** Connections that the destruction is to cut. */
  readonly clients: DeviceClient[];
}

/** What was deployed last. @throws Error if nothing was */
export function deployedIn({ deployed }: Rehearsal): Synthesis {
  if (!deployed) throw new Error('Nothing is deployed.');
  return deployed;
}

/** The stranger's things. @throws Error if there are none */
export function strangerIn({ stranger }: Rehearsal): Stranger {
  if (!stranger) throw new Error('There is no stranger.');
  return stranger;
}

/** The deployed fleet's devices. @throws Error if nothing is deployed */
export function devicesIn(rehearsal: Rehearsal): Fleet['devices'] {
  return deployedIn(rehearsal).fleet.devices;
}
