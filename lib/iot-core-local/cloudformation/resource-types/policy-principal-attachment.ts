import { textProperty } from './property-values';
import type { ResourceType } from './resource-type';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-policyprincipalattachment.html */
export const policyPrincipalAttachment: ResourceType = {
  properties: {
    PolicyName: { isRequired: true, replaces: true },
    Principal: { isRequired: true, replaces: true },
  },
  otherProperties: 'refused',
  attributes: [],

  create({ PolicyName, Principal }, { registry, authorizeCreation }) {
    const [policyName, principal] = [textProperty(PolicyName, 'PolicyName'), textProperty(Principal, 'Principal')];
    authorizeCreation(`${policyName}|${principal}`);
    registry.attachPolicy(policyName, principal);
    return { ref: `${policyName}|${principal}`, attributes: {} };
  },

  update: ({ created }) => created,

  delete({ PolicyName, Principal }, _created, { registry }) {
    registry.detachPolicy(String(PolicyName), String(Principal));
  },
};
