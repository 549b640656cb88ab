import { thingPrincipalTypes } from '../../registry/thing';
import { oneOf, textProperty } from './property-values';
import type { ResourceType } from './resource-type';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-thingprincipalattachment.html */
export const thingPrincipalAttachment: ResourceType = {
  properties: {
    ThingName: { isRequired: true, replaces: true },
    Principal: { isRequired: true, replaces: true },
    ThingPrincipalType: { replaces: true },
  },
  otherProperties: 'refused',
  attributes: [],

  create({ ThingName, Principal, ThingPrincipalType: type }, { registry }) {
    const [thingName, principal] = [textProperty(ThingName, 'ThingName'), textProperty(Principal, 'Principal')];
    const principalType = type === undefined ? undefined : oneOf(thingPrincipalTypes, type, 'ThingPrincipalType');
    registry.attachThingPrincipal(thingName, principal, principalType);
    return { ref: `${thingName}|${principal}`, attributes: {} };
  },

  update: ({ created }) => created,

  delete({ ThingName, Principal }, _created, { registry }) {
    registry.detachThingPrincipal(String(ThingName), String(Principal));
  },
};
