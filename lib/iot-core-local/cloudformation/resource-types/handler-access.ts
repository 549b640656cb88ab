import type { AccessRequest } from '../../iam/access-request';
import {
  type HandlerActions,
  type HandlerName,
  type HandlerPermissions,
  handlerPermissions,
} from '../../iam/handler-permissions';
import type { Iam } from '../../iam/iam';
import { iotArn, type Location } from '../../registry/arns';
import { textsIn } from './property-values';
import type { Properties } from './resource-type';

/** A resource that a handler creates, updates or deletes. */
interface HandledResource {
  /** `AWS::IoT::Thing` */
  readonly type: string;
  /** The physical id; empty if only the service will know it. */
  readonly ref: string;
  readonly properties: Properties;
  readonly location: Location;
  readonly iam: Iam;
}

/** The ARNs that a handler's actions are on. */
type Targets = Readonly<Partial<Record<keyof HandlerActions, readonly string[]>>>;

/** @throws Error for a type whose handlers IoT Core Local does not know, as what it does not know it must not let pass */
export function checkHandlersAreKnown(type: string): void {
  permissionsOf(type);
}

/**
 * What CloudFormation's handler calls with the rights of whoever deploys.
 *
 * @throws Error as {@link checkHandlersAreKnown} does
 */
export function handlerAccess(handler: HandlerName, resource: HandledResource): AccessRequest[] {
  const { type, properties } = resource;
  const permissions = permissionsOf(type);
  const targets: Targets = { all: ['*'], ...targetsOf[schemaOf(type)]?.(resource) };
  const actions: [keyof HandlerActions, readonly string[]][] = Object.entries(permissions[handler]) as never;
  if (handler !== 'delete') {
    for (const [property, more] of Object.entries(permissions.properties ?? {})) {
      if (properties[property] !== undefined) actions.push(['own', more]);
    }
  }
  return actions.flatMap(([target, names]) =>
    (targets[target] ?? []).flatMap((arn) => names.map((action) => requestOf(action, arn))),
  );
}

function permissionsOf(type: string): HandlerPermissions {
  const name = schemaOf(type);
  if (Object.hasOwn(handlerPermissions, name)) return handlerPermissions[name];
  throw new Error(`IoT Core Local does not know which rights CloudFormation needs for ${type}.`);
}

function schemaOf(type: string): string {
  return type.startsWith('Custom::') ? 'AWS::CloudFormation::CustomResource' : type;
}

function requestOf(action: string, resource: string): AccessRequest {
  const keys = action === 'iam:PassRole' ? { 'iam:PassedToService': 'lambda.amazonaws.com' } : undefined;
  return { action, resource, keys };
}

/** What the handlers' actions are on, by type. */
const targetsOf: Readonly<Record<string, (resource: HandledResource) => Targets>> = {
  'AWS::IoT::Thing': ({ ref, location }) => ({ own: [iotArn(location, 'thing', ref)] }),
  'AWS::IoT::Policy': ({ ref, location }) => ({ own: [iotArn(location, 'policy', ref)] }),
  // Before a certificate is there, its ARN is unknown: any must be allowed.
  'AWS::IoT::Certificate': ({ ref, location }) => ({ own: [iotArn(location, 'cert', ref || '*')] }),
  'AWS::IoT::PolicyPrincipalAttachment': ({ properties }) => ({ principal: [String(properties.Principal)] }),
  'AWS::IoT::ThingPrincipalAttachment': ({ properties, location }) => ({
    principal: [String(properties.Principal)],
    thing: [iotArn(location, 'thing', String(properties.ThingName))],
  }),
  'AWS::IAM::Role': ({ ref, properties, iam }) => ({ own: [iam.roles.roleArn(ref, String(properties.Path ?? '/'))] }),
  'AWS::IAM::Policy': (resource) => ({ role: rolesOf(resource) }),
  'AWS::IAM::RolePolicy': ({ properties, iam }) => ({ role: [iam.roles.getRole(String(properties.RoleName)).arn] }),
  'AWS::IAM::ManagedPolicy': (resource) => ({ own: [resource.ref], role: rolesOf(resource) }),
  'AWS::Lambda::Function': ({ ref, properties, location }) => ({
    own: [arnOf(location, 'lambda', `function:${ref}`)],
    role: [String(properties.Role)],
  }),
  'AWS::Logs::LogGroup': ({ ref, location }) => ({ own: [arnOf(location, 'logs', `log-group:${ref}`)] }),
  'AWS::CloudFormation::CustomResource': ({ properties }) => ({ own: [String(properties.ServiceToken)] }),
};

function rolesOf({ properties: { Roles }, iam }: HandledResource): string[] {
  return textsIn(Roles).map((name) => iam.roles.getRole(name).arn);
}

function arnOf({ partition, region, accountId }: Location, service: string, resource: string): string {
  return `arn:${partition}:${service}:${region}:${accountId}:${resource}`;
}
