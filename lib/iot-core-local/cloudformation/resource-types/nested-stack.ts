import { parseTemplateBody } from '../template/template-body';
import type { NestedStackParts, Properties, ResourceType } from './resource-type';

/**
 * A stack within a stack. On AWS its template is at a URL; here whoever deploys the parent puts the template into the property
 * `TemplateBody`, as JSON text.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stack.html
 */
export const nestedStack: ResourceType = {
  properties: { TemplateBody: {}, Parameters: {} },
  otherProperties: 'unread',

  create: async (properties, context) => context.nestedStacks.create(context, await partsOf(properties)),

  update: async ({ new: properties, created }, context) =>
    context.nestedStacks.update(created.ref, await partsOf(properties)),

  delete: (_properties, { ref }, context) => context.nestedStacks.delete(ref),
};

async function partsOf({ TemplateBody, Parameters = {} }: Properties): Promise<NestedStackParts> {
  if (typeof TemplateBody !== 'string') {
    throw new Error(
      'The template of a nested stack is a file of its own, which is not here. Serve the folder that has both: cdk.out',
    );
  }
  const parameters = Object.entries(Object(Parameters)).map(([name, value]) => [name, [value].flat().join()]);
  return { template: await parseTemplateBody(TemplateBody), parameters: Object.fromEntries(parameters) };
}
