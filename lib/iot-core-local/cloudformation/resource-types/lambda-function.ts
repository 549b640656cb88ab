import { arnOf } from './ignored';
import { generatedName } from './physical-name';
import { textProperty } from './property-values';
import type { Properties, ResourceContext, ResourceType } from './resource-type';

/** A Lambda function. It can run if its code is Node.js and in the template. */
export const lambdaFunction: ResourceType = {
  properties: {
    Code: { isRequired: true },
    Environment: {},
    FunctionName: { replaces: true },
    Handler: {},
    Role: { isRequired: true },
    Runtime: {},
    Timeout: {},
  },
  otherProperties: 'unread',
  attributes: ['Arn'],

  create(properties, context) {
    const name = textProperty(properties.FunctionName ?? generatedName(context, 64), 'FunctionName');
    const arn = arnOf(context, `:${name}`);
    context.authorizeCreation(name);
    putFunction({ name, arn }, properties, context);
    return { ref: name, attributes: { Arn: arn } };
  },

  update({ new: properties, created }, context) {
    const { ref: name, attributes } = created;
    context.lambda.deleteFunction(attributes.Arn);
    putFunction({ name, arn: attributes.Arn }, properties, context);
    return created;
  },

  delete(_properties, { attributes }, { lambda }) {
    lambda.deleteFunction(attributes.Arn);
  },
};

function putFunction(
  { name, arn }: { readonly name: string; readonly arn: string },
  { Code, Environment, Handler, Role, Runtime, Timeout = 3 }: Properties,
  { lambda }: ResourceContext,
): void {
  const { ZipFile } = Object(Code);
  if (typeof ZipFile !== 'string' || !String(Runtime).startsWith('nodejs')) return;
  const { Variables = {} } = Object(Environment);
  lambda.createFunction(arn, {
    name,
    code: ZipFile,
    handler: textProperty(Handler, 'Handler').split('.').at(-1)!,
    timeout: Number(Timeout),
    role: textProperty(Role, 'Role'),
    variables: Variables,
  });
}
