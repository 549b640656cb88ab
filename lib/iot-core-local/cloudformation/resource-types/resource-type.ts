import type { Iam } from '../../iam/iam';
import type { CertificateAuthority } from '../../registry/certificate-authority';
import type { Registry } from '../../registry/registry';
import type { Lambda } from '../lambda/lambda';
import type { StackIdentity } from '../stack/stack-identity';

/** The services that resource types use, and the stack that the resources belong to. */
export interface StackContext {
  readonly registry: Registry;
  readonly certificateAuthority: CertificateAuthority;
  readonly lambda: Lambda;
  readonly iam: Iam;
  readonly nestedStacks: NestedStacks;
  readonly stack: StackIdentity;
}

/** What a resource type knows of the resource that it creates, updates or deletes. */
export interface ResourceContext extends StackContext {
  readonly logicalId: string;
  /** `AWS::IoT::Thing` */
  readonly type: string;
  /**
   * Checks that whoever deploys may create the resource. Called before it is created, once its physical id is known.
   *
   * @param ref - the physical id; empty if only the service will know it
   * @throws AccessDenied
   */
  authorizeCreation(ref: string): void;
}

/** A resource that is there: the value of its `Ref`, which is its physical id, and of its attributes. */
export interface CreatedResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether IoT Core Local ignores it. @default false */
  readonly isIgnored?: boolean;
}

/** The template and the parameters of a nested stack. */
export interface NestedStackParts {
  readonly template: unknown;
  readonly parameters: Readonly<Record<string, string>>;
}

/** Creates, updates and deletes the stacks within stacks. The methods throw an Error that says what failed. */
export interface NestedStacks {
  /** @returns the stack's id, and its outputs as attributes: `Outputs.Name` */
  create(
    context: Pick<ResourceContext, 'stack' | 'logicalId' | 'registry'>,
    parts: NestedStackParts,
  ): Promise<CreatedResource>;
  update(stackId: string, parts: NestedStackParts): Promise<CreatedResource>;
  delete(stackId: string): Promise<void>;
}

/** The evaluated properties of a resource, by name. */
export type Properties = Readonly<Record<string, unknown>>;

/** What the registry schema says of a property. */
interface PropertyRule {
  readonly isRequired?: boolean;
  /** Whether a change of it replaces the resource. Any other change updates the resource in place. */
  readonly replaces?: boolean;
}

/**
 * How CloudFormation creates, updates and deletes one type of resource. The methods throw the service's own exceptions.
 *
 * A type does what AWS's handler does with the same properties, and calls the service in the same order.
 */
export interface ResourceType {
  readonly properties: Readonly<Record<string, PropertyRule>>;
  /**
   * What becomes of other properties: `refused` by name, `unread`, so that their values need not be known, or `read` as well.
   */
  readonly otherProperties: 'refused' | 'unread' | 'read';
  /** The attributes that Fn::GetAtt can name. @default - any; it is found when the resource is there */
  readonly attributes?: readonly string[];
  create(properties: Properties, context: ResourceContext): CreatedResource | Promise<CreatedResource>;
  /** Changes a resource in place. A new `ref` means that there is a new resource, and the old one is deleted later. */
  update(change: ResourceUpdate, context: ResourceContext): CreatedResource | Promise<CreatedResource>;
  delete(properties: Properties, created: CreatedResource, context: ResourceContext): void | Promise<void>;
}

/** A change of a resource. */
interface ResourceUpdate {
  readonly old: Properties;
  readonly new: Properties;
  readonly created: CreatedResource;
}

/** The creation of a resource that failed half-way: there is something to delete. */
export class PartialCreationError extends Error {
  override readonly name = 'PartialCreationError';

  constructor(
    message: string,
    readonly created: CreatedResource,
  ) {
    super(message);
  }
}

/** Whether a type reads a property, so that its value must be known. */
export function readsProperty({ properties, otherProperties }: ResourceType, name: string): boolean {
  return otherProperties === 'read' || Object.hasOwn(properties, name);
}
