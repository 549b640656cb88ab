import {
  type CustomResourceAnswer,
  type CustomResourceRequest,
  RequestFailed,
  send,
} from '../lambda/custom-resource-protocol';
import { textProperty } from './property-values';
import {
  type CreatedResource,
  PartialCreationError,
  type Properties,
  type ResourceContext,
  type ResourceType,
} from './resource-type';

/** Seconds. https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-customresource.html */
const longestServiceTimeout = 3600;

/**
 * A custom resource. A Lambda function creates, updates and deletes it, and sends its answer to a URL.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-custom-resources.html
 */
export const customResource: ResourceType = {
  properties: { ServiceToken: { isRequired: true } },
  otherProperties: 'read',

  async create(properties, context) {
    context.authorizeCreation('');
    try {
      return createdBy(await ask({ RequestType: 'Create' }, properties, context));
    } catch (error) {
      // CloudFormation has the function delete what it could not create.
      if (error instanceof RequestFailed) throw new PartialCreationError(error.message, createdBy(error.answer));
      throw error;
    }
  },

  async update({ old, new: properties, created }, context) {
    if (old.ServiceToken !== properties.ServiceToken) throw new Error('Modifying service token is not allowed.');
    const OldResourceProperties = textsIn(old);
    const request = { RequestType: 'Update', PhysicalResourceId: created.ref, OldResourceProperties } as const;
    return createdBy(await ask(request, properties, context));
  },

  async delete(properties, { ref }, context) {
    await ask({ RequestType: 'Delete', PhysicalResourceId: ref }, properties, context);
  },
};

function createdBy({ PhysicalResourceId, Data }: CustomResourceAnswer): CreatedResource {
  return { ref: PhysicalResourceId, attributes: Data ?? {} };
}

function ask(request: CustomResourceRequest, properties: Properties, context: ResourceContext) {
  const { logicalId, type, stack, lambda } = context;
  return send(request, {
    logicalId,
    type,
    stack,
    lambda,
    serviceToken: textProperty(properties.ServiceToken, 'ServiceToken'),
    properties: textsIn(properties),
    timeout: timeoutIn(properties),
  });
}

function timeoutIn({ ServiceTimeout = longestServiceTimeout }: Properties): number {
  const seconds = Number(ServiceTimeout);
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= longestServiceTimeout) return seconds;
  throw new Error(`ServiceTimeout is a whole number from 1 to ${longestServiceTimeout}, not ${ServiceTimeout}.`);
}

/** CloudFormation passes numbers and booleans to the function as texts. */
function textsIn(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(textsIn);
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, textsIn(entry)]));
}
