import type { DeviceFolder, Target } from '../devices/device-folder';
import type { Endpoint } from '../devices/endpoint';
import type { Fleet } from '../fleet/fleet';

/** A fleet that is deployed and whose certificates are in their folders. */
export interface DeployedFleet {
  readonly fleet: Fleet;
  readonly target: Target;
  readonly endpoint: Endpoint;
  /** Each device's folder, by thing name. */
  readonly folders: ReadonlyMap<string, DeviceFolder>;
  /** What the target has said since the last call about what it refused. @default - it does not say why */
  readonly takeReasons?: () => string[];
}
