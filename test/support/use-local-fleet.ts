import { type LocalFleet, startLocalFleet } from '../../lib/targets/local-fleet';
import { demoContext } from './demo-fleet';
import { madeBy } from './hooks';
import { temporaryFolder } from './temporary-folder';

/** A fleet that is deployed to IoT Core Local. */
export interface FleetInUse extends LocalFleet {
  /** The folder that the devices' folders are in. */
  readonly devicesRoot: string;
  /** The messages of IoT Core Local's log. */
  readonly log: readonly string[];
}

/** A fleet for the tests of a file, or of a `describe` block. @param fleet - as cdk.json has it; by default the blog post's */
export function useLocalFleet(fleet: object = demoContext): FleetInUse {
  const devicesRoot = temporaryFolder();
  const log: string[] = [];
  const start = () => {
    return startLocalFleet({ port: 0, devicesRoot, context: { fleet }, log: ({ message }) => log.push(message) });
  };
  const running = madeBy(beforeAll, async () => ({ ...(await start()), devicesRoot, log }), 20_000);
  afterAll(() => running.core.stop());
  return running;
}
