import { generatedName } from './physical-name';
import { textProperty, textsIn } from './property-values';
import type { Properties, ResourceContext, ResourceType } from './resource-type';

/**
 * An inline policy of roles. Those of users and groups are ignored, as nobody here has their keys.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-policy.html
 */
export const inlinePolicy: ResourceType = {
  properties: {
    Groups: {},
    PolicyDocument: { isRequired: true },
    PolicyName: { isRequired: true },
    Roles: {},
    Users: {},
  },
  otherProperties: 'refused',
  attributes: ['Id'],

  create(properties, context) {
    const name = generatedName(context, 64);
    context.authorizeCreation(name);
    put(properties, context);
    return { ref: name, attributes: { Id: name } };
  },

  update({ old, new: properties, created }, context) {
    put(properties, context);
    const isSameName = old.PolicyName === properties.PolicyName;
    const kept = isSameName ? textsIn(properties.Roles) : [];
    remove({ ...old, Roles: textsIn(old.Roles).filter((name) => !kept.includes(name)) }, context);
    return created;
  },

  delete(properties, _created, context) {
    remove(properties, context);
  },
};

function put(properties: Properties, { iam: { roles } }: ResourceContext): void {
  const policyName = textProperty(properties.PolicyName, 'PolicyName');
  const names = textsIn(properties.Roles);
  // None has the policy if one is missing.
  for (const name of names) roles.getRole(name);
  for (const name of names) roles.putRolePolicy(name, policyName, properties.PolicyDocument);
}

function remove(properties: Properties, { iam: { roles } }: ResourceContext): void {
  for (const name of textsIn(properties.Roles)) roles.deleteRolePolicy(name, String(properties.PolicyName));
}
