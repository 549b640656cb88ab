import { readdirSync, readFileSync } from 'node:fs';
import { join, parse } from 'node:path';
import type { CloudFormation } from '@aws-sdk/client-cloudformation';
import { AwsIot } from '../../lib/enrollment/aws-iot';
import { fleetStatus } from '../../lib/enrollment/device-status';
import { otherMarkedThings } from '../../lib/enrollment/marked-things';
import { readFleet } from '../../lib/fleet/fleet-file';
import { projectRoot } from '../../lib/fleet/project';
import type { AccessRequest } from '../../lib/iot-core-local/iam/access-request';
import { stackId } from '../../lib/stacks/fleet-stacks';
import { permissionPolicies } from '../../lib/targets/permission-policies';
import { fleetWith } from '../support/demo-fleet';
import { type DemoStacks, synthesizeStacks } from '../support/demo-stacks';
import { factsOf, hasFormat } from '../support/iam-data';
import { recordAccess } from '../support/record-access';
import { cars } from '../support/synthesized-app';
import { needlessStatements, unusedRights } from '../support/unused-rights';
import { useAccount } from '../support/use-account';

const folder = join(projectRoot, 'docs', 'permissions');
const policies = permissionPolicies(readFleet());
/** The same for the fleet of the tests, as that of cdk.json may be another. */
const { deploy, certs, status, 'large-fleet': largeFleet } = permissionPolicies(fleetWith());

test('The folder docs/permissions has the policies for the fleet of cdk.json; npm run permissions writes them', () => {
  const files = readdirSync(folder).map((file) => [parse(file).name, readFileSync(join(folder, file), 'utf8')]);
  const wanted = Object.entries(policies).map(([name, policy]) => [name, `${JSON.stringify(policy, undefined, 2)}\n`]);
  expect(Object.fromEntries(files)).toEqual(Object.fromEntries(wanted));
});

const statements = Object.entries(policies).flatMap(([name, { Statement }]) =>
  Statement.map((statement) => [name, statement.Sid, statement] as const),
);

test.each(statements)(
  'AWS has each action of %s’s %s, for such resources and condition keys',
  async (_, _sid, statement) => {
    const { Action, Resource, Condition = {} } = statement;
    for (const action of Action) {
      const facts = await factsOf(action);
      expect([action, facts]).toEqual([action, expect.anything()]);
      for (const resource of [Resource].flat()) {
        const fits =
          facts!.arns.length === 0 ? resource === '*' : hasFormat(resource.replace(/\*$/, '*x'), facts!.arns);
        // What AWS can narrow to a resource is narrowed.
        expect([action, resource, fits]).toEqual([action, resource, true]);
      }
      const keys = Object.values(Condition).flatMap((condition) => Object.keys(condition));
      expect(facts!.conditionKeys).toEqual(expect.arrayContaining(keys));
    }
  },
);

test('The stacks’ names begin with what the policies name', () => {
  for (const kind of ['Fleet', 'Teardown'] as const) expect(stackId(kind, 1)).toMatch(/^SharedSubscriptions/);
});

test('A policy names no more devices than have room in it', () => {
  const { deploy: ofMany } = permissionPolicies(fleetWith({ cars: cars(10) }));
  expect(ofMany.Statement.find(({ Sid }) => Sid === 'Things')?.Resource).toEqual(['arn:aws:iot:*:*:thing/*']);
});

type Template = { Resources: Record<string, { Type: string; Properties: Record<string, unknown> }> };

/** A change in place of each type of resource. */
const edits: Readonly<Record<string, (properties: Record<string, never>) => object>> = {
  'AWS::IoT::Thing': () => ({ AttributePayload: { Attributes: { edited: 'true' } } }),
  'AWS::IoT::Certificate': () => ({ Status: 'INACTIVE' }),
  'AWS::IoT::Policy': ({ PolicyDocument }) => ({ PolicyDocument: widened(PolicyDocument) }),
  'AWS::IAM::Role': () => ({ Description: 'edited' }),
  'AWS::IAM::Policy': ({ PolicyDocument }) => ({ PolicyDocument: widened(PolicyDocument) }),
  'AWS::IAM::ManagedPolicy': ({ PolicyDocument }) => ({ PolicyDocument: widened(PolicyDocument) }),
  'AWS::Lambda::Function': () => ({ Timeout: 601 }),
  'AWS::Logs::LogGroup': () => ({ RetentionInDays: 14 }),
  'Custom::FleetSweep': () => ({ Edited: 'true' }),
};

function widened({ Version, Statement }: { Version: string; Statement: object[] }): object {
  return { Version, Statement: [...Statement, { ...Statement[0] }] };
}

function edited(template: object): object {
  const copy = structuredClone(template) as Template;
  for (const { Type, Properties } of Object.values(copy.Resources)) {
    Object.assign(Properties, edits[Type]?.(Properties as never));
  }
  return copy;
}

/** Deploys a stack with the calls of the CDK's CLI, but for their number. */
async function change(cloudFormation: CloudFormation, StackName: string, template: object): Promise<void> {
  const ChangeSetName = 'cdk-deploy-change-set';
  const isThere = await cloudFormation.describeStacks({ StackName }).then(
    () => true,
    () => false,
  );
  await cloudFormation.deleteChangeSet({ StackName, ChangeSetName }).catch(() => {});
  const { Id } = await cloudFormation.createChangeSet({
    StackName,
    ChangeSetName,
    ChangeSetType: isThere ? 'UPDATE' : 'CREATE',
    TemplateBody: JSON.stringify(template),
    Capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  await cloudFormation.describeChangeSet({ ChangeSetName: Id });
  await cloudFormation.executeChangeSet({ StackName, ChangeSetName });
  await cloudFormation.getTemplate({ StackName });
  await cloudFormation.describeStackEvents({ StackName });
  const { Stacks: [{ StackStatus } = {}] = [] } = await cloudFormation.describeStacks({ StackName });
  expect([StackName, StackStatus]).toEqual([StackName, isThere ? 'UPDATE_COMPLETE' : 'CREATE_COMPLETE']);
}

async function remove({ cloudFormation }: { cloudFormation: CloudFormation }, StackName: string): Promise<void> {
  const { Stacks: [{ StackId } = {}] = [] } = await cloudFormation.describeStacks({ StackName });
  await cloudFormation.deleteStack({ StackName: StackId });
  await expect(cloudFormation.describeStacks({ StackName })).rejects.toThrow('does not exist');
}

const teardownName = stackId('Teardown', 0);

describe('Whoever has docs/permissions/deploy.json', () => {
  const account = useAccount({ userPolicy: deploy });
  let requests: AccessRequest[];
  let stacks: DemoStacks;

  beforeAll(async () => {
    stacks = await synthesizeStacks();
    requests = recordAccess(account.fixture, 'user/local');
    const { fleetStackName: fleetName, fleetTemplate, teardownTemplate } = stacks;
    for (const edit of [(template: object) => template, edited]) {
      await change(account.cloudFormation, fleetName, edit(fleetTemplate));
      await change(account.cloudFormation, teardownName, edit(teardownTemplate));
    }
    for (const name of [teardownName, fleetName]) await remove(account, name);
  }, 60_000);

  test('A user with deploy.json deploys, changes and destroys the fleet, and leaves nothing', () => {
    expect(account.fixture.registry.listThings()).toEqual([]);
    expect(account.fixture.registry.listCertificates()).toEqual([]);
    expect(account.fixture.logText).not.toMatch('IAM denies');
  });

  test('Each statement of deploy.json is needed', () => {
    expect(needlessStatements(deploy.Statement, requests)).toEqual([]);
  });

  test('Each action of deploy.json is needed, on each resource', () => {
    expect(unusedRights(deploy.Statement, requests)).toEqual([]);
  });

  test.each([
    ['another stack', () => account.cloudFormation.deleteStack({ StackName: 'Other' }), 'cloudformation:DeleteStack'],
    ['another thing', () => account.iot.deleteThing({ thingName: 'bus1' }), 'iot:DeleteThing'],
    ['another policy', () => account.iot.deletePolicy({ policyName: 'bus1' }), 'iot:DeletePolicy'],
  ])('A user with deploy.json cannot delete %s', async (_what, call, action) => {
    await expect(call()).rejects.toThrow(`is not authorized to perform: ${action} on resource`);
  });

  describe('Whoever has docs/permissions/large-fleet.json', () => {
    const large = useAccount({ userPolicy: largeFleet });
    let ofLarge: AccessRequest[];

    beforeAll(async () => {
      const { fleetStackName, fleetTemplate, teardownTemplate } = await synthesizeStacks({ cars: cars(25) });
      // With the rights of the roles that cdk bootstrap made.
      await large.fixture.iotCore.deploy(fleetTemplate, fleetStackName);
      ofLarge = recordAccess(large.fixture, 'user/local');
      for (const template of [teardownTemplate, edited(teardownTemplate)]) {
        await change(large.cloudFormation, teardownName, template);
      }
      await remove(large, teardownName);
      expect(large.fixture.logText).not.toMatch('IAM denies');
    }, 60_000);

    test('Each action of large-fleet.json is needed, on each resource; IoT Core Local has no bootstrap', () => {
      // A fleet of fewer devices has an inline policy, as the fleet above has.
      expect(unusedRights(largeFleet.Statement, [...ofLarge, ...requests])).toEqual([
        'sts:AssumeRole arn:aws:iam::*:role/cdk-*',
      ]);
    });
  });
});

describe.each([
  ['certs', certs],
  ['status', status],
])('Whoever has docs/permissions/%s.json', (name, policy) => {
  const account = useAccount({ userPolicy: policy });
  let requests: AccessRequest[];

  beforeAll(async () => {
    const { fleet, fleetTemplate, fleetStackName } = await synthesizeStacks();
    const { iotCore, registry } = account.fixture;
    await iotCore.deploy(fleetTemplate, fleetStackName);
    registry.updateCertificate(registry.listCertificates()[0].certificateId, 'INACTIVE');
    requests = recordAccess(account.fixture, 'user/local');
    if (name === 'status') {
      expect((await fleetStatus(fleet.devices, account)).filter((found) => 'failure' in found)).toEqual([]);
      expect(await otherMarkedThings(new Set(), account.iot)).toMatchObject({ count: fleet.devices.length });
    } else {
      const aws = new AwsIot(account.iot);
      await aws.dataEndpoint();
      for (const { thingName } of fleet.devices) expect(await aws.certificatesOf(thingName)).toHaveLength(1);
    }
  });

  test(`npm run ${name} works with ${name}.json, and needs each of its statements and actions`, () => {
    expect(account.fixture.logText).not.toMatch('IAM denies');
    expect(needlessStatements(policy.Statement, requests)).toEqual([]);
    expect(unusedRights(policy.Statement, requests)).toEqual([]);
  });
});
