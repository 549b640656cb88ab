import { generatedName } from './physical-name';
import { textProperty, textsIn } from './property-values';
import type { Properties, ResourceContext, ResourceType } from './resource-type';

/** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html */
export const role: ResourceType = {
  properties: {
    AssumeRolePolicyDocument: { isRequired: true },
    Description: {},
    ManagedPolicyArns: {},
    MaxSessionDuration: {},
    Path: { replaces: true },
    Policies: {},
    RoleName: { replaces: true },
    Tags: {},
  },
  // A permissions boundary takes away rights.
  otherProperties: 'refused',
  attributes: ['Arn', 'RoleId'],

  create(properties, context) {
    const { roles } = context.iam;
    const name = textProperty(properties.RoleName ?? generatedName(context, 64), 'RoleName');
    context.authorizeCreation(name);
    const path = textProperty(properties.Path ?? '/', 'Path');
    const { arn } = roles.createRole(name, path, properties.AssumeRolePolicyDocument);
    try {
      attach(name, properties, context);
    } catch (error) {
      remove(name, properties, context);
      throw error;
    }
    return { ref: name, attributes: { Arn: arn, RoleId: `AROALOCAL${name}` } };
  },

  update({ old, new: properties, created }, context) {
    const { roles } = context.iam;
    roles.updateTrustPolicy(created.ref, properties.AssumeRolePolicyDocument);
    attach(created.ref, properties, context);
    const kept = namesOf(properties);
    for (const name of namesOf(old)) if (!kept.includes(name)) roles.deleteRolePolicy(created.ref, name);
    const keptArns = textsIn(properties.ManagedPolicyArns);
    for (const arn of textsIn(old.ManagedPolicyArns)) {
      if (!keptArns.includes(arn)) roles.detachRolePolicy(created.ref, arn);
    }
    return created;
  },

  delete(properties, { ref }, context) {
    remove(ref, properties, context);
  },
};

function attach(name: string, properties: Properties, { iam: { roles } }: ResourceContext): void {
  for (const { PolicyName, PolicyDocument } of policiesOf(properties)) {
    roles.putRolePolicy(name, textProperty(PolicyName, 'PolicyName'), PolicyDocument);
  }
  for (const arn of textsIn(properties.ManagedPolicyArns)) roles.attachRolePolicy(name, arn);
}

/** Only what the template attached is detached. What others attached keeps the role. */
function remove(name: string, properties: Properties, { iam: { roles } }: ResourceContext): void {
  for (const policyName of namesOf(properties)) roles.deleteRolePolicy(name, policyName);
  for (const arn of textsIn(properties.ManagedPolicyArns)) roles.detachRolePolicy(name, arn);
  roles.deleteRole(name);
}

function policiesOf({ Policies = [] }: Properties): Properties[] {
  return [Policies].flat().map(Object);
}

function namesOf(properties: Properties): string[] {
  return policiesOf(properties).map(({ PolicyName }) => String(PolicyName));
}
