import { isObject } from '../../../util/json';
import { TemplateError } from './template-error';

const policies = ['Delete', 'Retain', 'RetainExceptOnCreate', 'Snapshot'] as const;

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-updatereplacepolicy.html */
const replacePolicies = ['Delete', 'Retain', 'Snapshot'] as const;

/**
 * What happens to a resource that is removed or replaced. `RetainExceptOnCreate` deletes a resource only if the operation that created it
 * is rolled back.
 */
export type DeletionPolicy = (typeof policies)[number];

/** A resource as the template has it, its functions not evaluated. */
export interface Resource {
  readonly logicalId: string;
  /** `AWS::IoT::Thing` */
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The attributes beside the properties that can have functions. They have no meaning for the types that are served. */
  readonly otherAttributes: readonly unknown[];
  readonly dependsOn: readonly string[];
  /** The name of the condition under which it is created. */
  readonly condition?: string;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-product-attribute-reference.html */
const attributes = [
  'Type',
  'Properties',
  'DependsOn',
  'Condition',
  'DeletionPolicy',
  'UpdateReplacePolicy',
  'Metadata',
  'CreationPolicy',
  'UpdatePolicy',
];

/** @throws TemplateError if it is not a resource */
export function resourceIn(logicalId: string, source: unknown): Resource {
  if (!isObject(source) || typeof source.Type !== 'string') {
    throw new TemplateError(`The resource "${logicalId}" has no Type.`);
  }
  if (!/^[a-z\d]{1,255}$/i.test(logicalId)) {
    throw new TemplateError(`A logical id has letters and digits only; "${logicalId}" does not.`);
  }
  const other = Object.keys(source).find((name) => !attributes.includes(name));
  if (other !== undefined) throw new TemplateError(`${logicalId} has the attribute ${other}, which no resource has.`);
  const { Type, Properties, DependsOn = [], Condition, DeletionPolicy, UpdateReplacePolicy } = source;
  const { Metadata, CreationPolicy, UpdatePolicy } = source;
  if (Properties !== undefined && !isObject(Properties)) {
    throw new TemplateError(`The Properties of the resource "${logicalId}" are not an object.`);
  }
  return {
    logicalId,
    type: Type,
    properties: Properties ?? {},
    otherAttributes: [Metadata, CreationPolicy, UpdatePolicy],
    dependsOn: [DependsOn].flat().map((name) => nameOf(logicalId, 'DependsOn', name)),
    condition: Condition === undefined ? undefined : nameOf(logicalId, 'Condition', Condition),
    deletionPolicy: policyOf({ logicalId, type: Type }, 'DeletionPolicy', DeletionPolicy, policies),
    updateReplacePolicy: policyOf(
      { logicalId, type: Type },
      'UpdateReplacePolicy',
      UpdateReplacePolicy,
      replacePolicies,
    ),
  };
}

/** A name in an attribute, where CloudFormation evaluates no function. */
function nameOf(logicalId: string, attribute: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw new TemplateError(`The ${attribute} of ${logicalId} is not a name; it has ${JSON.stringify(value)}.`);
}

/** The services whose resources have no snapshots, of those that IoT Core Local reads. What has some is of other services. */
const withoutSnapshots = /^(AWS::(CloudFormation|IAM|IoT|Lambda)|Custom)::/;

function policyOf(
  { logicalId, type }: Pick<Resource, 'logicalId' | 'type'>,
  attribute: string,
  value: unknown = 'Delete',
  known: readonly DeletionPolicy[],
): DeletionPolicy {
  const policy = known.find((name) => name === value);
  if (policy === 'Snapshot' && withoutSnapshots.test(type)) {
    throw new TemplateError(`${logicalId} has the ${attribute} "Snapshot", and ${type} has no snapshots.`);
  }
  if (policy) return policy;
  throw new TemplateError(`${logicalId} has the ${attribute} ${JSON.stringify(value)}; it can be ${known.join(', ')}.`);
}
