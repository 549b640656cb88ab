import { type ResourceContext, type ResourceType, textProperty } from './resource-type';

/** A resource that nothing here is about. It has what a resource that is refers to: a name and an ARN. */
export const ignored: ResourceType = {
  reads: [],
  create(_properties, context) {
    const name = nameOf(context);
    return { ref: name, attributes: { Arn: arnOf(context, `/${name}`) } };
  },
  delete() {},
};

/** A Lambda function. It can be run where its code is Node.js and in the template. */
export const inlineFunction: ResourceType = {
  reads: ['Code', 'Environment', 'Handler', 'Runtime', 'Timeout'],
  create({ Code, Environment, Handler, Runtime, Timeout = 3 }, context) {
    const name = nameOf(context);
    const arn = arnOf(context, `:${name}`);
    const { ZipFile } = Object(Code);
    if (typeof ZipFile === 'string' && String(Runtime).startsWith('nodejs')) {
      const handler = textProperty(Handler, 'Handler').split('.').at(-1)!;
      const { Variables = {} } = Object(Environment);
      context.lambda.createFunction(arn, {
        name,
        code: ZipFile,
        handler,
        timeout: Number(Timeout),
        variables: Variables,
      });
    }
    return { ref: name, attributes: { Arn: arn } };
  },
  delete(_properties, { attributes }, { lambda }) {
    lambda.deleteFunction(attributes.Arn);
  },
};

function nameOf({ resource, stack }: ResourceContext): string {
  return `${stack.stackName}-${resource.logicalId}`;
}

/** `arn:aws:lambda:us-east-1:123456789012:function` and what follows. */
function arnOf({ resource, stack }: ResourceContext, end: string): string {
  const [, service, kind] = resource.type.toLowerCase().split('::');
  return `arn:${stack.partition}:${service}:${stack.region}:${stack.accountId}:${kind}${end}`;
}
