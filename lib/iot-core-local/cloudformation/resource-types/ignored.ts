import { generatedName } from './physical-name';
import { textProperty } from './property-values';
import type { CreatedResource, ResourceContext, ResourceType } from './resource-type';

/**
 * A resource of another service, which IoT Core Local ignores. It has a name and an ARN, because other resources may refer to them. Its
 * properties are not read.
 */
export const ignored: ResourceType = {
  properties: {},
  otherProperties: 'unread',
  attributes: ['Arn'],
  create(_properties, context) {
    return created(generatedName(context, 64), context);
  },
  update: ({ created }) => created,
  delete() {},
};

/** The property that names a resource of AWS IoT, by type. Policies and the names of things refer to it. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::IoT::BillingGroup': 'BillingGroupName',
  'AWS::IoT::ThingGroup': 'ThingGroupName',
  'AWS::IoT::ThingType': 'ThingTypeName',
  'AWS::IoT::TopicRule': 'RuleName',
};

/** A type of AWS IoT that IoT Core Local ignores. The template may name the resource. */
export function ignoredIotType(type: string): ResourceType {
  if (!Object.hasOwn(nameProperties, type)) return ignored;
  const nameProperty = nameProperties[type];
  return {
    ...ignored,
    properties: { [nameProperty]: { replaces: true } },
    create(properties, context) {
      const name = properties[nameProperty];
      return name === undefined
        ? ignored.create(properties, context)
        : created(textProperty(name, nameProperty), context);
    },
  };
}

function created(name: string, context: ResourceContext): CreatedResource {
  context.authorizeCreation(name);
  return { ref: name, attributes: { Arn: ignoredArn(context, name) }, isIgnored: true };
}

function ignoredArn(context: ResourceContext, name: string): string {
  // The policies of functions name their log groups.
  if (context.type === 'AWS::IoT::TopicRule') return arnOf(context, `/${name}`).replace(':topicrule/', ':rule/');
  if (context.type !== 'AWS::Logs::LogGroup') return arnOf(context, `/${name}`);
  return `${arnOf(context, '').replace(/loggroup$/, 'log-group')}:${name}:*`;
}

/** `arn:aws:lambda:us-east-1:123456789012:function` and `end`. */
export function arnOf({ type, stack }: ResourceContext, end: string): string {
  const [, service, kind = ''] = type.toLowerCase().split('::');
  return `arn:${stack.partition}:${service}:${stack.region}:${stack.accountId}:${kind}${end}`;
}
