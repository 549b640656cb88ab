import { textProperty } from './property-values';
import type { Properties, ResourceContext, ResourceType } from './resource-type';

/**
 * An inline policy of one role.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-rolepolicy.html
 */
export const rolePolicy: ResourceType = {
  properties: {
    PolicyDocument: { isRequired: true },
    PolicyName: { isRequired: true, replaces: true },
    RoleName: { isRequired: true, replaces: true },
  },
  otherProperties: 'refused',
  attributes: [],

  create(properties, context) {
    context.authorizeCreation('');
    put(properties, context);
    return { ref: `${properties.PolicyName}|${properties.RoleName}`, attributes: {} };
  },

  update({ new: properties, created }, context) {
    put(properties, context);
    return created;
  },

  delete({ PolicyName, RoleName }, _created, { iam: { roles } }) {
    roles.deleteRolePolicy(String(RoleName), String(PolicyName));
  },
};

function put({ PolicyDocument, PolicyName, RoleName }: Properties, { iam: { roles } }: ResourceContext): void {
  roles.putRolePolicy(textProperty(RoleName, 'RoleName'), textProperty(PolicyName, 'PolicyName'), PolicyDocument);
}
