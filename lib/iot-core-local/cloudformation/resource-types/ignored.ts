import { generatedName } from './physical-name';
import type { ResourceContext, ResourceType } from './resource-type';

/**
 * A resource of another service, which IoT Core Local ignores. It has a name and an ARN, because other resources may refer to them. Its
 * properties are not read.
 */
export const ignored: ResourceType = {
  properties: {},
  otherProperties: 'unread',
  attributes: ['Arn'],
  create(_properties, context) {
    const name = generatedName(context, 64);
    context.authorizeCreation(name);
    return { ref: name, attributes: { Arn: ignoredArn(context, name) }, isIgnored: true };
  },
  update: ({ created }) => created,
  delete() {},
};

function ignoredArn(context: ResourceContext, name: string): string {
  // The policies of functions name their log groups.
  if (context.type !== 'AWS::Logs::LogGroup') return arnOf(context, `/${name}`);
  return `${arnOf(context, '').replace(/loggroup$/, 'log-group')}:${name}:*`;
}

/** `arn:aws:lambda:us-east-1:123456789012:function` and `end`. */
export function arnOf({ type, stack }: ResourceContext, end: string): string {
  const [, service, kind = ''] = type.toLowerCase().split('::');
  return `arn:${stack.partition}:${service}:${stack.region}:${stack.accountId}:${kind}${end}`;
}
