import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeEndpoint } from '../../lib/devices/endpoint';
import { foldersOf } from '../../lib/devices/folders';
import { blogMessages } from '../../lib/devices/messages';
import { AwsIot } from '../../lib/enrollment/aws-iot';
import { enrollFleet } from '../../lib/enrollment/enrollment';
import { type FleetTemplates, synthesizeFleet } from '../../lib/stacks/app';
import type { Account } from '../support/clients';
import { demoContext } from '../support/demo-fleet';
import { temporaryFolder } from '../support/temporary-folder';
import { useAccount } from '../support/use-account';
import { useKeptCdk } from './kept-cdk';
import { MaintainedFleet } from './maintained-fleet';
import { ProjectCopy } from './project-copy';

/** A fleet that is deployed and enrolled anew for each test, in an account of its own. It is destroyed after the test, and nothing must be left. */
export function useMaintainedFleet(): MaintainedFleet {
  // Before the hook that stops the account.
  afterEach(async () => {
    const { iotCore, registry } = account.fixture;
    await iotCore.destroy();
    // A stranger's are not the fleet's to delete.
    const strange = iotCore.certificatesOf('stranger').map(({ certificateId }) => certificateId);
    const left = [
      ...registry.listThings().map(({ thingName }) => thingName),
      ...registry.listPolicies().map(({ policyName }) => policyName),
      ...registry.listCertificates().map(({ certificateId }) => certificateId),
    ];
    expect(left.filter((name) => name !== 'stranger' && !strange.includes(name))).toEqual([]);
  });
  const account: Account = useAccount({ forEachTest: true });
  const folder = temporaryFolder();
  const checkout = new MaintainedFleet(account, new ProjectCopy(join(folder, 'first-checkout'), useKeptCdk()));
  const { path, devicesRoot } = checkout.project;
  const asDeployed = join(folder, 'as-deployed');
  let synthesized: FleetTemplates;
  beforeAll(async () => {
    cpSync(join(path, 'cdk.json'), join(asDeployed, 'cdk.json'));
    synthesized = await synthesizeFleet({ target: 'account', devicesRoot, context: { fleet: demoContext } });
    cpSync(devicesRoot, join(asDeployed, 'devices'), { recursive: true, preserveTimestamps: true });
  });

  beforeEach(async () => {
    rmSync(devicesRoot, { recursive: true });
    cpSync(asDeployed, path, { recursive: true, preserveTimestamps: true });
    const { iotCore } = account.fixture;
    for (const [stackName, template] of synthesized.templates) await iotCore.deploy(template, stackName);
    const aws = new AwsIot(account.iot, iotCore.rootCaPem);
    writeEndpoint(await aws.dataEndpoint(), devicesRoot, 'account');
    const folders = foldersOf(synthesized.fleet, devicesRoot, 'account');
    await enrollFleet(aws, folders.values(), () => {});
    for (const { thingName } of synthesized.fleet.cars) folders.get(thingName)!.writeMessages(blogMessages(thingName));
  });

  return checkout;
}
