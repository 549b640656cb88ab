import { ignored } from './ignored';
import type { Properties, ResourceType } from './resource-type';

/**
 * A domain name for the endpoint. IoT Core Local has one endpoint, so it ignores the domain, unless its clients would be authenticated by
 * other means than certificates alone, or speak another protocol than MQTT over TLS.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iot-domainconfiguration.html
 */
export const domainConfiguration: ResourceType = {
  ...ignored,
  properties: { AuthorizerConfig: {}, AuthenticationType: {}, ApplicationProtocol: {}, ClientCertificateConfig: {} },

  create(properties, context) {
    check(properties);
    return ignored.create(properties, context);
  },

  update({ new: properties, created }) {
    check(properties);
    return created;
  },
};

function check(properties: Properties): void {
  const { AuthorizerConfig, AuthenticationType, ApplicationProtocol, ClientCertificateConfig } = properties;
  if (AuthorizerConfig !== undefined || !isOneOf(['AWS_X509', 'DEFAULT'], AuthenticationType)) {
    throw new Error('A domain with an authorizer, or with another authentication than by certificate, is not served.');
  }
  if (ClientCertificateConfig !== undefined) {
    throw new Error('A domain whose function decides about certificates (ClientCertificateConfig) is not served.');
  }
  if (!isOneOf(['SECURE_MQTT', 'DEFAULT'], ApplicationProtocol)) {
    throw new Error(`A domain with the ApplicationProtocol ${JSON.stringify(ApplicationProtocol)} is not served.`);
  }
}

function isOneOf(values: readonly string[], value: unknown): boolean {
  return value === undefined || values.some((known) => known === value);
}
