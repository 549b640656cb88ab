import { customResource } from '../resource-types/custom-resource';
import type { CreatedResource } from '../resource-types/resource-type';
import { outputsOf } from '../stack/outputs';
import type { Stack } from '../stack/stack';
import type { BoundTemplate } from '../template/bound-template';
import { TemplateError } from '../template/template-error';
import { PendingValueError } from '../template/template-scope';
import { propertyChanges, replacementBy } from './property-changes';
import type { Replacement, ResourceChange } from './resource-change';

/** What a template would change in a stack. */
export interface Plan {
  readonly changes: readonly ResourceChange[];
  /** Whether an output changes. */
  readonly changesOutputs: boolean;
}

/**
 * Finds property by property what a template would change in a stack. Functions are evaluated as far as the resources are known.
 *
 * @throws TemplateError if the template cannot be deployed
 */
export function planChanges(stack: Stack, template: BoundTemplate): Plan {
  const known = new Map<string, CreatedResource>();
  const pending = new Map<string, Replacement | 'Add'>();
  const changes: ResourceChange[] = [];
  refuseChangedTypes(stack, template);
  for (const resource of template.resources) {
    const { logicalId, type } = resource;
    const existing = stack.resources.get(logicalId);
    if (!existing) {
      unlessPending(() => template.propertiesOf(resource, known));
      changes.push({ action: 'Add', logicalId, type, details: [] });
      pending.set(logicalId, 'Add');
      continue;
    }
    const details = propertyChanges(existing, resource, template, known, pending);
    const replacement = replacementBy(details);
    if (details.length > 0) {
      changes.push({ action: 'Modify', logicalId, physicalId: existing.created.ref, type, replacement, details });
    }
    // The function of a custom resource may answer an update with another physical id and other data.
    const mayChange = details.length > 0 && (replacement !== 'False' || resource.resourceType === customResource);
    if (mayChange) pending.set(logicalId, replacement === 'False' ? 'Conditional' : replacement);
    else known.set(logicalId, existing.created);
  }
  return {
    changes: [...changes, ...removals(stack, template)],
    changesOutputs: changesOutputs(stack, template, known),
  };
}

function removals(stack: Stack, template: BoundTemplate): ResourceChange[] {
  const kept = new Set(template.resources.map(({ logicalId }) => logicalId));
  return [...stack.resources.values()]
    .filter(({ logicalId }) => !kept.has(logicalId))
    .map(({ logicalId, type, created }) => ({
      action: 'Remove',
      logicalId,
      physicalId: created.ref,
      type,
      details: [],
    }));
}

function refuseChangedTypes(stack: Stack, template: BoundTemplate): void {
  const changed = template.resources.filter(({ logicalId, type }) => {
    const existing = stack.resources.get(logicalId);
    return existing !== undefined && existing.type !== type;
  });
  if (changed.length === 0) return;
  const names = changed.map(({ logicalId }) => logicalId).join(', ');
  throw new TemplateError(
    `Update of resource type is not permitted. The new template modifies resource type of the following resources: [${names}]`,
  );
}

function changesOutputs(stack: Stack, template: BoundTemplate, known: ReadonlyMap<string, CreatedResource>): boolean {
  const outputs = unlessPending(() => outputsOf(template, known));
  return JSON.stringify(outputs) !== JSON.stringify(stack.outputs);
}

function unlessPending<T>(evaluate: () => T): T | undefined {
  try {
    return evaluate();
  } catch (error) {
    if (error instanceof PendingValueError) return undefined;
    throw error;
  }
}
