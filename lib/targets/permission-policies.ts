import type { Fleet } from '../fleet/fleet';
import { type HandlerActions, handlerPermissions } from '../iot-core-local/iam/handler-permissions';

/** A statement of an identity policy. */
export interface PermissionStatement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** The document of an identity policy. */
export interface PermissionPolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly PermissionStatement[];
}

/** What the names of the fleet's stacks begin with, and so those of roles, functions and log groups, which CloudFormation names. */
const prefix = 'SharedSubscriptions';

/** The most devices that a policy names. A managed policy has 6,144 characters. */
const mostNamed = 12;

/** What the CDK's CLI calls to deploy and destroy stacks, as test/targets/permission-policies.test.ts records it. */
const stackActions = [
  'cloudformation:CreateChangeSet',
  'cloudformation:DeleteChangeSet',
  'cloudformation:DeleteStack',
  'cloudformation:DescribeChangeSet',
  'cloudformation:DescribeStackEvents',
  'cloudformation:DescribeStacks',
  'cloudformation:ExecuteChangeSet',
  'cloudformation:GetTemplate',
];

/**
 * The least policies for those who deploy a fleet and look at it, by the name of their file in docs/permissions.
 *
 * What the CLI calls comes from a recording, what CloudFormation's handlers call from {@link handlerPermissions}. Each statement is narrowed
 * to names that begin with the stacks', or to the fleet's devices. The account and the Region are any.
 */
export function permissionPolicies(fleet: Fleet): Readonly<Record<string, PermissionPolicy>> {
  return {
    deploy: policyOf([
      stacks,
      ...devices(fleet),
      roles([...actionsOf(['AWS::IAM::Role'], 'own'), ...actionsOf(['AWS::IAM::Policy'], 'role')]),
      ...teardown,
    ]),
    'large-fleet': policyOf([
      bootstrap,
      stacks,
      roles(actionsOf(['AWS::IAM::Policy', 'AWS::IAM::ManagedPolicy'], 'role')),
      allow('ManagedPolicies', actionsOf(['AWS::IAM::ManagedPolicy'], 'own'), arn('iam', `policy/${prefix}*`)),
      ...teardown,
    ]),
    certs: policyOf([
      allow('Endpoint', ['iot:DescribeEndpoint'], '*'),
      allow('Things', ['iot:ListThingPrincipals'], things(fleet)),
      allow('Certificates', ['iot:DescribeCertificate'], anyCertificate),
    ]),
    status: policyOf([
      allow('Things', ['iot:ListThingPrincipals'], things(fleet)),
      // Of a folder that belongs to no device, too, whose thing has any name.
      allow('AllThings', ['iot:DescribeThing'], arn('iot', 'thing/*')),
      allow('Certificates', ['iot:DescribeCertificate'], anyCertificate),
      // AWS IoT has no resource for them.
      allow('Lists', ['iot:ListAttachedPolicies', 'iot:ListThings'], '*'),
      allow('Clients', ['iot:GetConnection', 'iot:ListSubscriptions'], clients(fleet)),
    ]),
  };
}

const anyCertificate = arn('iot', 'cert/*');
const things = ({ devices: all }: Fleet) =>
  named(
    'thing',
    all.map(({ thingName }) => thingName),
  );
const clients = ({ devices: all }: Fleet) =>
  named(
    'client',
    all.map(({ clientId }) => clientId),
  );
const policies = ({ devices: all }: Fleet) =>
  named(
    'policy',
    all.map(({ thingName }) => thingName),
  );

const stacks = allow('Stacks', stackActions, arn('cloudformation', `stack/${prefix}*/*`));

/** The roles that cdk bootstrap makes, with which the CLI deploys a template of more than 50 KiB. */
const bootstrap = allow('BootstrapRoles', ['sts:AssumeRole'], arn('iam', 'role/cdk-*'));

function devices(fleet: Fleet): PermissionStatement[] {
  const [thing, certificate, policy] = ['AWS::IoT::Thing', 'AWS::IoT::Certificate', 'AWS::IoT::Policy'];
  const attachments = ['AWS::IoT::PolicyPrincipalAttachment', 'AWS::IoT::ThingPrincipalAttachment'];
  return [
    allow('Things', [...actionsOf([thing], 'own'), ...actionsOf(attachments, 'thing')], things(fleet)),
    allow('Policies', actionsOf([policy], 'own'), policies(fleet)),
    // A certificate's name is its id.
    allow('Certificates', [...actionsOf([certificate], 'own'), ...actionsOf(attachments, 'principal')], anyCertificate),
    allow('NewCertificatesAndLists', actionsOf([certificate, ...attachments], 'all'), '*'),
  ];
}

const rolesOfStacks = arn('iam', `role/${prefix}*`);

function roles(actions: readonly string[]): PermissionStatement {
  return allow('Roles', actions, rolesOfStacks);
}

const [lambda, logs] = ['AWS::Lambda::Function', 'AWS::Logs::LogGroup'];

/** The teardown stack, without the policies of its function's role. */
const teardown: readonly PermissionStatement[] = [
  {
    ...allow('PassRole', actionsOf([lambda], 'role'), rolesOfStacks),
    Condition: { StringEquals: { 'iam:PassedToService': 'lambda.amazonaws.com' } },
  },
  allow(
    'Functions',
    [...actionsOf([lambda], 'own'), ...actionsOf(['AWS::CloudFormation::CustomResource'], 'own')],
    arn('lambda', `function:${prefix}*`),
  ),
  allow('LogGroups', actionsOf([logs], 'own'), arn('logs', `log-group:${prefix}*`)),
  allow('ListsOfLogGroups', actionsOf([logs], 'all'), '*'),
];

/** The actions of the handlers of types on one kind of resource. */
function actionsOf(types: readonly string[], target: keyof HandlerActions): string[] {
  return types.flatMap((type) => {
    const { create, update, delete: deletion } = handlerPermissions[type];
    return [create, update, deletion].flatMap((actions) => actions[target] ?? []);
  });
}

function allow(
  Sid: string,
  actions: readonly string[],
  Resource: PermissionStatement['Resource'],
): PermissionStatement {
  return { Sid, Effect: 'Allow', Action: [...new Set(actions)].sort(), Resource };
}

function policyOf(Statement: readonly PermissionStatement[]): PermissionPolicy {
  return { Version: '2012-10-17', Statement };
}

/** The ARNs of resources of AWS IoT; of all of their kind where there are too many to name. */
function named(kind: string, names: readonly string[]): readonly string[] {
  return (names.length > mostNamed ? ['*'] : [...names].sort()).map((name) => arn('iot', `${kind}/${name}`));
}

/** IAM's own resources have no Region. */
function arn(service: string, resource: string): string {
  return `arn:aws:${service}:${service === 'iam' ? '' : '*'}:*:${resource}`;
}
