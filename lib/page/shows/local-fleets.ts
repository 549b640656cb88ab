import { Fleet } from '../../fleet/fleet';
import { stacksFor } from '../../fleet/fleet-parts';
import { type LocalFleet, type LogEntry, noLogLimits, startLocalFleet } from '../../targets/local-fleet';
import type { DeployedFleet } from '../../walk-through/deployed-fleet';
import { type Cast, castOf } from '../../walk-through/scenario';
import type { FleetSource } from './fleet-source';

/** How many warnings are kept until somebody asks for them. */
const mostReasons = 100;

/** Fleets on IoT Core Local. One is deployed at a time. */
export class LocalFleets implements FleetSource {
  readonly target = 'local';
  private running: { readonly local: LocalFleet; readonly cast: string } | undefined;
  private readonly reasons: string[] = [];

  /** @param devicesRoot - @default - the project's `devices` folder */
  constructor(
    readonly fleet: Fleet,
    private readonly devicesRoot?: string,
  ) {}

  async deploy(cast: Cast): Promise<DeployedFleet> {
    const name = JSON.stringify(cast);
    if (this.running?.cast !== name) {
      await this.close();
      const { devicesRoot, fleet } = this;
      // The number of stacks that a user chose is for that user's devices.
      const stacks = name === JSON.stringify(castOf(fleet)) ? fleet.stacks : stacksFor(Fleet.fromContext(cast).devices);
      const context = { fleet: { ...cast, stacks: stacks ?? fleet.stacks } };
      const log = (entry: LogEntry) => this.keep(entry);
      const local = await startLocalFleet({ port: 0, devicesRoot, context, log, logLimits: noLogLimits });
      this.running = { local, cast: name };
    }
    const { core, fleet, folders } = this.running.local;
    const endpoint = { host: core.host, port: core.port };
    return { fleet, target: 'local', endpoint, folders, takeReasons: () => this.reasons.splice(0) };
  }

  async close(): Promise<void> {
    await this.running?.local.core.stop();
    this.running = undefined;
  }

  private keep({ level, message }: LogEntry): void {
    if (level === 'info') return;
    this.reasons.push(message);
    if (this.reasons.length > mostReasons) this.reasons.shift();
  }
}
