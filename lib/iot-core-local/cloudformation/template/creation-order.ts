import { TemplateError } from './template-error';

/** Anything with a name and the names of what must be there before it. */
export interface Dependent {
  readonly logicalId: string;
  readonly dependencies: readonly string[];
}

/**
 * The resources in an order in which they can be created: each after those that it depends on.
 *
 * @throws TemplateError if the dependencies form a circle
 */
export function inCreationOrder<T extends Dependent>(resources: ReadonlyMap<string, T>): T[] {
  const ordered = new Set<T>();
  const visit = (resource: T, path: readonly string[]): void => {
    if (ordered.has(resource)) return;
    if (path.includes(resource.logicalId)) {
      const circle = [...path, resource.logicalId].join(' → ');
      throw new TemplateError(`Resources depend on one another in a circle: ${circle}.`);
    }
    for (const name of resource.dependencies) visit(resources.get(name)!, [...path, resource.logicalId]);
    ordered.add(resource);
  };
  for (const resource of resources.values()) visit(resource, []);
  return [...ordered];
}
