import { CloudFormationError } from '../cloudformation-error';
import type { BoundTemplate } from '../template/bound-template';

/** The property by which a template names a resource of IAM. */
const nameProperties: Readonly<Record<string, string>> = {
  'AWS::IAM::Group': 'GroupName',
  'AWS::IAM::InstanceProfile': 'InstanceProfileName',
  'AWS::IAM::ManagedPolicy': 'ManagedPolicyName',
  'AWS::IAM::Role': 'RoleName',
  'AWS::IAM::User': 'UserName',
};

/**
 * Refuses a template with resources of IAM unless the caller acknowledges them.
 *
 * @throws CloudFormationError InsufficientCapabilitiesException
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/control-access-with-iam.html#using-iam-capabilities
 */
export function checkCapabilities({ resources }: BoundTemplate, capabilities: readonly string[]): void {
  const ofIam = resources.filter(({ type }) => type.startsWith('AWS::IAM::'));
  if (ofIam.length === 0 || capabilities.includes('CAPABILITY_NAMED_IAM')) return;
  const isNamed = ofIam.some(({ type, properties }) => properties[nameProperties[type]] !== undefined);
  if (!isNamed && capabilities.includes('CAPABILITY_IAM')) return;
  const required = isNamed ? 'CAPABILITY_NAMED_IAM' : 'CAPABILITY_IAM';
  throw new CloudFormationError('InsufficientCapabilitiesException', `Requires capabilities : [${required}]`);
}
