import type { Fleet } from '../../fleet/fleet';
import type { DeployedFleet } from '../../walk-through/deployed-fleet';
import type { Cast } from '../../walk-through/scenario';

/** Where the fleets of shows come from. */
export interface FleetSource {
  readonly target: DeployedFleet['target'];
  /** The fleet of the live show. */
  readonly fleet: Fleet;
  /** A fleet that is deployed. In an account it is always the same. @throws Error if it cannot be deployed */
  deploy(cast: Cast): Promise<DeployedFleet>;
  close(): Promise<void>;
}
