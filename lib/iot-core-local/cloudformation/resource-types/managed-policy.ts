import { generatedName } from './physical-name';
import { textProperty, textsIn } from './property-values';
import type { ResourceType } from './resource-type';

/**
 * A managed policy, with the roles that it is attached to. Users and groups are ignored, as nobody here has their keys.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-managedpolicy.html
 */
export const managedPolicy: ResourceType = {
  properties: {
    Description: { replaces: true },
    Groups: {},
    ManagedPolicyName: { replaces: true },
    Path: { replaces: true },
    PolicyDocument: { isRequired: true },
    Roles: {},
    Users: {},
  },
  otherProperties: 'refused',
  attributes: ['PolicyArn'],

  create(properties, context) {
    const { roles } = context.iam;
    const name = textProperty(properties.ManagedPolicyName ?? generatedName(context, 128), 'ManagedPolicyName');
    const path = textProperty(properties.Path ?? '/', 'Path');
    const names = textsIn(properties.Roles);
    context.authorizeCreation(roles.policyArn(name, path));
    for (const roleName of names) roles.getRole(roleName);
    const arn = roles.createPolicy(name, path, properties.PolicyDocument);
    for (const roleName of names) roles.attachRolePolicy(roleName, arn);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },

  update({ old, new: properties, created }, { iam: { roles } }) {
    const [before, after] = [textsIn(old.Roles), textsIn(properties.Roles)];
    roles.updatePolicy(created.ref, properties.PolicyDocument);
    for (const name of after) roles.attachRolePolicy(name, created.ref);
    for (const name of before) if (!after.includes(name)) roles.detachRolePolicy(name, created.ref);
    return created;
  },

  delete(properties, { ref }, { iam: { roles } }) {
    for (const name of textsIn(properties.Roles)) roles.detachRolePolicy(name, ref);
    roles.deletePolicy(ref);
  },
};
