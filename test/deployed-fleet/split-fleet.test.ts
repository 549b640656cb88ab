import { join } from 'node:path';
import { addFleet } from '../../lib/stacks/app';
import { startLocalFleet } from '../../lib/targets/local-fleet';
import { shared } from '../../lib/walk-through/scenarios/shared';
import { WalkThrough } from '../../lib/walk-through/walk-through';
import { demoContext } from '../support/demo-fleet';
import { newApp } from '../support/new-app';
import { temporaryFolder } from '../support/temporary-folder';
import { useAccount } from '../support/use-account';

const root = temporaryFolder();
const devicesRoot = join(root, 'devices');
/** Of two stacks, each has a member of group2. */
const context = { fleet: { ...demoContext, stacks: 2 } };

test('The walk-through passes with the fleet in two stacks and the group in both', async () => {
  const { core, fleet, folders } = await startLocalFleet({ port: 0, devicesRoot: join(root, 'walked'), context });
  try {
    const props = { scenario: shared, fleet, folders, endpoint: core, target: 'local', mqtt: 5, qos: 1 } as const;
    const scoreboard = await new WalkThrough(props).play();
    expect(scoreboard.problems()).toEqual([]);
    expect(scoreboard.result(0).groups).toEqual({ group2: { delivered: 6, duplicated: 0, lost: 0 } });
  } finally {
    await core.stop();
  }
});

test('A stack is deployed after the one before it, so that a device that moves is deleted before it is created', async () => {
  const app = newApp({ fleet: { ...demoContext, stacks: 3 } });
  const { fleetStacks } = await addFleet(app, { target: 'local', devicesRoot, withTeardown: false });
  // Names are compared, not constructs: Jest would take forever to print how two construct trees differ.
  const dependencies = fleetStacks.map((stack) => stack.dependencies.map(({ stackName }) => stackName));
  expect(dependencies).toEqual([[], ['SharedSubscriptionsFleet'], ['SharedSubscriptionsFleet-002']]);
});

describe('a fleet in two stacks, deployed with their teardown stacks', () => {
  const account = useAccount({ forEachTest: true });
  const core = () => account.fixture.iotCore;
  const statusOf = (thingName: string) => core().certificatesOf(thingName)[0].status;

  /** Deploys what the app synthesizes, in the CLI's order: a stack after those that it depends on, and by name. */
  async function deployApp(): Promise<void> {
    const app = newApp(context);
    await addFleet(app, { target: 'local', devicesRoot });
    for (const { stackName, template } of app.synth().stacks) await core().deploy(template, stackName);
  }

  test('A fleet in two stacks is destroyed without a trace, though both were tampered with', async () => {
    const stranger = await account.fixture.device('stranger');
    await deployApp();
    const target = stranger.certificate.certificateArn;
    for (const thingName of ['subscriber2A', 'subscriber2B']) {
      await account.iot.attachPolicy({ policyName: thingName, target });
      await account.iot.attachThingPrincipal({ thingName, principal: target });
    }
    await core().destroy();
    const { registry } = core();
    expect(registry.listThings().map(({ thingName }) => thingName)).toEqual(['stranger']);
    expect(registry.listPolicies().map(({ policyName }) => policyName)).toEqual(['stranger']);
    expect(registry.listCertificates()).toEqual([stranger.certificate]);
  }, 60_000);

  test('Destroying one teardown stack disarms the devices of its fleet stack only', async () => {
    await deployApp();
    await core().destroy('SharedSubscriptionsTeardown-002');
    expect(['car1', 'car2', 'subscriber2B'].map(statusOf)).toEqual(Array(3).fill('INACTIVE'));
    expect(['subscriber2A', 'consumer3'].map(statusOf)).toEqual(Array(2).fill('ACTIVE'));
  }, 60_000);
});
