import type { ResourceType } from '../resource-types/resource-type';
import type { Resource } from './resource';
import { TemplateError } from './template-error';

/**
 * Checks a resource's properties by name against its type.
 *
 * @throws TemplateError if a property is unknown or a required one is missing
 */
export function checkProperties({
  logicalId,
  type,
  properties,
  resourceType,
}: Resource & { resourceType: ResourceType }): void {
  const { properties: known, otherProperties } = resourceType;
  const unknown = Object.keys(properties).filter((name) => !Object.hasOwn(known, name));
  if (otherProperties === 'refused' && unknown.length > 0) {
    throw new TemplateError(`${logicalId} has the property ${unknown[0]}, which ${type} does not have.`);
  }
  for (const [name, { isRequired }] of Object.entries(known)) {
    if (isRequired && properties[name] === undefined) {
      throw new TemplateError(`${logicalId} has no ${name}, which ${type} requires.`);
    }
  }
}
