import { isObject } from '../../../util/json';
import { IotError } from '../../registry/iot-error';
import type { Registry } from '../../registry/registry';
import { checkTags } from '../../registry/tags';
import { generatedPolicyName } from './physical-name';
import { textProperty } from './property-values';
import type { ResourceType } from './resource-type';

/** @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-iot */
export const policy: ResourceType = {
  properties: { PolicyName: { replaces: true }, PolicyDocument: { isRequired: true }, Tags: {} },
  otherProperties: 'refused',
  attributes: ['Arn', 'Id'],

  create({ PolicyName, PolicyDocument, Tags }, context) {
    checkTags(tagsIn(Tags), { needsValue: true });
    const name = textProperty(PolicyName ?? generatedPolicyName(context), 'PolicyName');
    context.authorizeCreation(name);
    const { policyName, policyArn } = context.registry.createPolicy(name, PolicyDocument);
    return { ref: policyName, attributes: { Arn: policyArn, Id: policyName } };
  },

  update({ old, new: { PolicyDocument, Tags }, created }, { registry }) {
    checkTags(tagsIn(Tags), { needsValue: true });
    if (JSON.stringify(old.PolicyDocument) === JSON.stringify(PolicyDocument)) return created;
    const createVersion = () => registry.createPolicyVersion(created.ref, PolicyDocument, { setAsDefault: true });
    try {
      createVersion();
    } catch (error) {
      if (!(error instanceof IotError) || error.name !== 'VersionsLimitExceededException') throw error;
      deleteOldest(created.ref, registry);
      createVersion();
    }
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

/** The tags of a template. CloudFormation makes a text of a number or boolean. */
function tagsIn(tags: unknown): unknown {
  if (!Array.isArray(tags)) return tags;
  return tags.map((tag) => (isObject(tag) ? Object.fromEntries(Object.entries(tag).map(textField)) : tag));
}

function textField([name, value]: [string, unknown]): [string, unknown] {
  return [name, typeof value === 'number' || typeof value === 'boolean' ? String(value) : value];
}

/**
 * Deletes the version that AWS's handler takes for the oldest one of five. It sorts the versions' numbers as texts, so that is 10 of 6 to 10.
 * If that is the default version, the last one becomes the default first.
 */
function deleteOldest(policyName: string, registry: Registry): void {
  const { versions, defaultVersionId } = registry.getPolicy(policyName);
  const sorted = [...versions.keys()].sort();
  if (sorted[0] === defaultVersionId) registry.setDefaultPolicyVersion(policyName, sorted.at(-1)!);
  registry.deletePolicyVersion(policyName, sorted[0]);
}
