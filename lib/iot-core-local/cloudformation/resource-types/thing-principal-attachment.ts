import type { Registry } from '../../registry/registry';
import { thingPrincipalTypes } from '../../registry/thing';
import { enumProperty, textProperty } from './property-values';
import type { Properties, ResourceType } from './resource-type';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-thingprincipalattachment.html */
export const thingPrincipalAttachment: ResourceType = {
  properties: {
    ThingName: { isRequired: true, replaces: true },
    Principal: { isRequired: true, replaces: true },
    ThingPrincipalType: { replaces: true },
  },
  otherProperties: 'refused',
  attributes: [],

  create(properties, { registry, authorizeCreation }) {
    const ref = `${properties.ThingName}|${properties.Principal}`;
    authorizeCreation(ref);
    attach(properties, registry);
    return { ref, attributes: {} };
  },

  /** Only the undoing of a changed type comes here. */
  update({ new: properties, created }, { registry }) {
    attach(properties, registry);
    return created;
  },

  delete({ ThingName, Principal }, _created, { registry }) {
    registry.detachThingPrincipal(String(ThingName), String(Principal));
  },
};

function attach({ ThingName, Principal, ThingPrincipalType: type }: Properties, registry: Registry): void {
  const [thingName, principal] = [textProperty(ThingName, 'ThingName'), textProperty(Principal, 'Principal')];
  const principalType = type === undefined ? undefined : enumProperty(thingPrincipalTypes, type, 'ThingPrincipalType');
  registry.attachThingPrincipal(thingName, principal, principalType);
}
