import { newIdentity } from '../../../../lib/iot-core-local/cloudformation/stack/stack-identity';
import { BoundTemplate } from '../../../../lib/iot-core-local/cloudformation/template/bound-template';
import { Template } from '../../../../lib/iot-core-local/cloudformation/template/template';
import { defaultLocation } from '../../../../lib/iot-core-local/registry/arns';

const china = { partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn', region: 'cn-north-1' };

export const stack = newIdentity({ ...defaultLocation, ...china }, 'Fleet');

/** A resource of a type that reads every property, and has any attribute. */
export function anyResource(fields: object = {}, properties: object = {}) {
  return { Type: 'Custom::Any', Properties: { ServiceToken: 'arn', ...properties }, ...fields };
}

/** A template with values for its parameters, in a stack of the partition aws-cn. It has a resource if the source has none. */
export function bind(
  source: object,
  parameters: Readonly<Record<string, string>> = {},
  exports: Readonly<Record<string, string>> = {},
): BoundTemplate {
  return new BoundTemplate(new Template({ Resources: { Any: anyResource() }, ...source }), {
    stack,
    parameters: new Map(Object.entries(parameters)),
    exports: new Map(Object.entries(exports)),
  });
}
