import { isDeepStrictEqual } from 'node:util';
import type { StackResource } from '../stack/stack-resource';
import type { BoundResource, BoundTemplate, CreatedResources } from '../template/bound-template';
import { PendingValueError } from '../template/template-scope';
import type { PropertyChange, Replacement } from './resource-change';

/** How the resource that a value waits for is replaced: a value of a new resource is certain to change. */
export type PendingReplacements = ReadonlyMap<string, Replacement | 'Add'>;

/**
 * The properties of a resource that a template changes.
 *
 * @param created - the resources whose values are known
 * @param pending - what becomes of the others
 * @throws TemplateError if a value is missing or wrong
 */
export function propertyChanges(
  existing: StackResource,
  resource: BoundResource,
  template: BoundTemplate,
  created: CreatedResources,
  pending: PendingReplacements = new Map(),
): PropertyChange[] {
  const { read, unread } = existing.properties;
  const names = new Set([...Object.keys(read), ...Object.keys(unread), ...Object.keys(resource.properties)]);
  return [...names].flatMap((name): PropertyChange[] => {
    const replaces = resource.resourceType.properties[name]?.replaces ?? false;
    try {
      const { read: newRead, unread: newUnread } = template.propertiesOf(only(resource, name), created);
      if (isDeepStrictEqual([newRead[name], newUnread[name]], [read[name], unread[name]])) return [];
      return [{ name, requiresRecreation: replaces ? 'Always' : 'Never', evaluation: 'Static' }];
    } catch (error) {
      if (!(error instanceof PendingValueError)) throw error;
      const isCertain = pending.get(error.logicalId) !== 'Conditional' && pending.get(error.logicalId) !== 'False';
      const requiresRecreation = replaces ? (isCertain ? 'Always' : 'Conditionally') : 'Never';
      return [{ name, requiresRecreation, evaluation: 'Dynamic', causingEntity: error.logicalId }];
    }
  });
}

function only(resource: BoundResource, name: string): BoundResource {
  const properties = Object.hasOwn(resource.properties, name) ? { [name]: resource.properties[name] } : {};
  return { ...resource, properties };
}

/** Whether changes replace the resource. */
export function replacementBy(changes: readonly PropertyChange[]): Replacement {
  if (changes.some(({ requiresRecreation }) => requiresRecreation === 'Always')) return 'True';
  return changes.some(({ requiresRecreation }) => requiresRecreation === 'Conditionally') ? 'Conditional' : 'False';
}
