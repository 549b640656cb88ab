import { ignored } from './ignored';
import type { Properties, ResourceType } from './resource-type';

/**
 * A domain name for the endpoint. IoT Core Local has one endpoint, so it ignores the domain, unless clients of it would be authenticated by
 * other means than certificates.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-domainconfiguration.html
 */
export const domainConfiguration: ResourceType = {
  ...ignored,
  properties: { AuthorizerConfig: {}, AuthenticationType: {} },

  create(properties, context) {
    refuseAuthorizer(properties);
    return ignored.create(properties, context);
  },

  update({ new: properties, created }) {
    refuseAuthorizer(properties);
    return created;
  },
};

function refuseAuthorizer({ AuthorizerConfig, AuthenticationType }: Properties): void {
  const isByCertificate =
    AuthenticationType === undefined || ['AWS_X509', 'DEFAULT'].includes(String(AuthenticationType));
  if (AuthorizerConfig === undefined && isByCertificate) return;
  throw new Error('A domain with an authorizer, or with another authentication than by certificate, is not served.');
}
