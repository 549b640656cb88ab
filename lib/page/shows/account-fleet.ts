import type { Fleet } from '../../fleet/fleet';
import type { DeployedFleet } from '../../walk-through/deployed-fleet';
import type { FleetSource } from './fleet-source';

/** The fleet that is deployed in an account: in AWS's, or in one on this machine. */
export class AccountFleet implements FleetSource {
  constructor(
    readonly target: 'aws' | 'account',
    readonly fleet: Fleet,
    private readonly deployed: Pick<DeployedFleet, 'endpoint' | 'folders'>,
  ) {}

  async deploy(): Promise<DeployedFleet> {
    return { ...this.deployed, target: this.target, fleet: this.fleet };
  }

  async close(): Promise<void> {}
}
