import type { DeploymentRequest } from './change-set/change-set-request';

import { generatedName } from './resource-types/physical-name';
import type { CreatedResource, NestedStackParts, NestedStacks } from './resource-types/resource-type';
import type { Stack } from './stack/stack';
import type { TemplateError } from './template/template-error';

/** CloudFormation, as far as nested stacks need it. */
interface StackOwner {
  find(stackId: string): Stack | undefined;
  deploy(
    stackName: string,
    type: 'CREATE' | 'UPDATE',
    request: DeploymentRequest,
  ): { stack: Stack; done?: Promise<readonly TemplateError[]> };
  deleteStack(stack: Stack): Promise<readonly TemplateError[]>;
}

/** Stacks within stacks, each a stack of its own. */
export function nestedStacksOf(cloudFormation: StackOwner): NestedStacks {
  return {
    async create(context, parts) {
      const stack = await deploy(cloudFormation, generatedName(context, 128), 'CREATE', parts);
      return createdOf(stack);
    },

    async update(stackId, parts) {
      return createdOf(await deploy(cloudFormation, stackId, 'UPDATE', parts));
    },

    async delete(stackId) {
      const stack = cloudFormation.find(stackId);
      const failures = stack ? await cloudFormation.deleteStack(stack) : [];
      if (failures.length > 0) throw new Error(failures.map(({ message }) => message).join(' '));
    },
  };
}

async function deploy(
  cloudFormation: StackOwner,
  name: string,
  type: 'CREATE' | 'UPDATE',
  { template, parameters }: NestedStackParts,
): Promise<Stack> {
  const { stack, done } = cloudFormation.deploy(name, type, {
    template: { source: template, body: JSON.stringify(template) },
    parameters: Object.entries(parameters).map(([key, value]) => ({ name: key, value })),
    tags: new Map(),
    capabilities: ['CAPABILITY_NAMED_IAM'],
  });
  const failures = (await done) ?? [];
  if (failures.length === 0) return stack;
  if (stack.status === 'ROLLBACK_COMPLETE') await cloudFormation.deleteStack(stack);
  throw new Error(failures.map(({ message }) => message).join(' '), { cause: failures[0] });
}

function createdOf({ id, outputs }: Stack): CreatedResource {
  return { ref: id, attributes: Object.fromEntries(outputs.map(({ name, value }) => [`Outputs.${name}`, value])) };
}
