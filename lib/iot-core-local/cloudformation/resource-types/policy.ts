import { generatedName } from './physical-name';
import { textProperty } from './property-values';
import type { ResourceType } from './resource-type';

/** A policy keeps five versions at most. https://docs.aws.amazon.com/iot/latest/apireference/API_CreatePolicyVersion.html */
const maximumVersions = 5;

/** @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-iot */
export const policy: ResourceType = {
  properties: { PolicyName: { replaces: true }, PolicyDocument: { isRequired: true }, Tags: {} },
  otherProperties: 'refused',
  attributes: ['Arn', 'Id'],

  create({ PolicyName, PolicyDocument }, context) {
    const name = textProperty(PolicyName ?? generatedName(context, 128), 'PolicyName');
    context.authorizeCreation(name);
    const { policyName, policyArn } = context.registry.createPolicy(name, PolicyDocument);
    return { ref: policyName, attributes: { Arn: policyArn, Id: policyName } };
  },

  /** A new document becomes a new default version. If there are five versions, the oldest one that is not the default is deleted. */
  update({ old, new: { PolicyDocument }, created }, { registry }) {
    if (JSON.stringify(old.PolicyDocument) === JSON.stringify(PolicyDocument)) return created;
    const { versions, defaultVersionId } = registry.getPolicy(created.ref);
    const [oldest] = [...versions.keys()].filter((versionId) => versionId !== defaultVersionId);
    if (versions.size >= maximumVersions) registry.deletePolicyVersion(created.ref, oldest);
    registry.createPolicyVersion(created.ref, PolicyDocument, { setAsDefault: true });
    return created;
  },

  delete(_properties, { ref }, { registry }) {
    const { versions, defaultVersionId } = registry.getPolicy(ref);
    for (const versionId of [...versions.keys()]) {
      if (versionId !== defaultVersionId) registry.deletePolicyVersion(ref, versionId);
    }
    registry.deletePolicy(ref);
  },
};
