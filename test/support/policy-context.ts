import { defaultLocation } from '../../lib/iot-core-local/registry/arns';
import type { CertificateAttributes } from '../../lib/iot-core-local/registry/certificate-attributes';
import type { IotAction } from '../../lib/iot-core-local/registry/policy-actions';
import { type ConnectionFacts, PolicyContext } from '../../lib/iot-core-local/registry/policy-context';
import { PolicyDocument } from '../../lib/iot-core-local/registry/policy-document';

/** What a certificate has, without a certificate. */
interface FakeCertificate {
  readonly serialNumber?: string;
  readonly availableKeys?: readonly string[];
  /** By attribute in lower case, as `subject.commonname`. */
  readonly attributes?: Readonly<Record<string, readonly string[]>>;
}

export interface FakeFacts extends Partial<Omit<ConnectionFacts, 'certificate'>> {
  readonly fakeCertificate?: FakeCertificate;
}

/** The context of an action of a connection: by default the client car1, without a thing. */
export function contextOf({ fakeCertificate = {}, ...facts }: FakeFacts = {}, action: IotAction = 'iot:Connect') {
  const { serialNumber = '01', availableKeys = [], attributes = {} } = fakeCertificate;
  const certificate = {
    serialNumber,
    availableKeys,
    valuesOf: (attribute: string) => attributes[attribute.toLowerCase()] ?? [],
  } as unknown as CertificateAttributes;
  const basic = { clientId: 'car1', connectAttributes: [], certificateId: 'abc', attachedThings: [] };
  return new PolicyContext({ ...basic, ...facts, certificate: () => certificate }, action, defaultLocation);
}

/** A thing without a type. */
export function thing(thingName: string, attributes: Record<string, string> = {}, thingTypeName?: string) {
  return {
    thingName,
    thingArn: `arn:aws:iot:us-east-1:123456789012:thing/${thingName}`,
    thingId: 'id',
    version: 1,
    attributes,
    thingTypeName,
  };
}

/** A document of one statement: by default an Allow of iot:Publish. */
export function documentOf(statement: object, options = {}): PolicyDocument {
  const full = { Effect: 'Allow', Action: 'iot:Publish', ...statement };
  return PolicyDocument.parse({ Version: '2012-10-17', Statement: full }, options);
}
