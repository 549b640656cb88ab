import { thingExists } from '../../registry/thing';
import { generatedName } from './physical-name';
import { objectProperty, textProperty } from './property-values';
import type { Properties, ResourceType } from './resource-type';

/** @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-iot */
export const thing: ResourceType = {
  properties: { ThingName: { replaces: true }, AttributePayload: {} },
  otherProperties: 'refused',
  attributes: ['Arn', 'Id'],

  create(properties, context) {
    const name = properties.ThingName ?? generatedName(context, 128);
    const attributes = attributesIn(properties);
    context.authorizeCreation(textProperty(name, 'ThingName'));
    // CloudFormation's handler takes over no thing, not even one with the same attributes.
    if (context.registry.hasThing(String(name))) throw thingExists(String(name));
    const { thingName, thingArn, thingId } = context.registry.createThing(String(name), { attributes });
    return { ref: thingName, attributes: { Arn: thingArn, Id: thingId } };
  },

  update({ new: properties, created }, { registry }) {
    registry.updateThing(created.ref, { attributes: attributesIn(properties) ?? {} });
    return created;
  },

  delete(_properties, { ref }, { registry }) {
    registry.deleteThing(ref);
  },
};

function attributesIn({ AttributePayload = {} }: Properties): Record<string, string> | undefined {
  const { Attributes, ...others } = objectProperty(AttributePayload, 'AttributePayload');
  const [other] = Object.keys(others);
  if (other !== undefined) throw new Error(`AttributePayload has the property ${other}, which a thing does not have.`);
  if (Attributes === undefined) return undefined;
  const entries = Object.entries(objectProperty(Attributes, 'Attributes'));
  return Object.fromEntries(entries.map(([name, value]) => [name, textProperty(value, `The attribute "${name}"`)]));
}
