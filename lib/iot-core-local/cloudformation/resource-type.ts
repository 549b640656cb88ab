import type { StackIdentity } from '../registry/arns';
import type { CertificateAuthority } from '../registry/certificate-authority';
import type { Registry } from '../registry/registry';
import type { Lambda } from './lambda';
import type { CreatedResource, Resource } from './template';

/** Where resources are made: what the services would use to make them. */
export interface StackContext {
  readonly registry: Registry;
  readonly certificateAuthority: CertificateAuthority;
  readonly lambda: Lambda;
  readonly stack: StackIdentity;
}

/** Where one resource is made. */
export interface ResourceContext extends StackContext {
  readonly resource: Resource;
}

/** How CloudFormation creates and deletes one type of resource. Both throw the service's own exceptions. */
export interface ResourceType {
  /**
   * The properties that matter here. Of the others no value need be known.
   *
   * @default - all
   */
  readonly reads?: readonly string[];
  create(properties: Record<string, unknown>, context: ResourceContext): CreatedResource | Promise<CreatedResource>;
  delete(properties: Record<string, unknown>, created: CreatedResource, context: ResourceContext): void | Promise<void>;
}

/** A property that must be there, and be text. */
export function textProperty(value: unknown, property: string): string {
  if (typeof value !== 'string') throw new Error(`${property} must be a string; it is ${JSON.stringify(value)}.`);
  return value;
}
