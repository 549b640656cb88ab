import { policyOf } from '../../support/iot-core-fixture';
import type { Resources } from './cloud';

export const policyDocument = policyOf(['iot:Connect client/car1']);

/**
 * The resources of a device as the project's template has them, attachments first.
 *
 * @param changes - other values of their properties, by logical id
 */
export function deviceResources(csr: string, changes: Readonly<Record<string, object>> = {}): Resources {
  const certificateArn = { 'Fn::GetAtt': ['Certificate', 'Arn'] };
  const resources: Resources = {
    PolicyAttachment: {
      Type: 'AWS::IoT::PolicyPrincipalAttachment',
      Properties: { PolicyName: { Ref: 'Policy' }, Principal: certificateArn },
    },
    ThingAttachment: {
      Type: 'AWS::IoT::ThingPrincipalAttachment',
      Properties: { ThingName: { Ref: 'Thing' }, Principal: certificateArn },
    },
    Certificate: {
      Type: 'AWS::IoT::Certificate',
      Properties: { CertificateSigningRequest: csr, Status: 'ACTIVE' },
      DependsOn: ['Policy', 'Thing'],
    },
    Policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'policy1', PolicyDocument: policyDocument } },
    Thing: {
      Type: 'AWS::IoT::Thing',
      Properties: { ThingName: 'car1', AttributePayload: { Attributes: { color: 'red' } } },
    },
  };
  for (const [logicalId, properties] of Object.entries(changes)) {
    resources[logicalId].Properties = { ...resources[logicalId].Properties, ...properties };
  }
  return resources;
}
