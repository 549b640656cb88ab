/** An attribute of a certificate's subject or issuer: its name in a policy, and the short name that OpenSSL gives it. */
export const nameAttributes = {
  DistinguishedNameQualifier: 'dnQualifier',
  Country: 'C',
  Organization: 'O',
  OrganizationalUnit: 'OU',
  State: 'ST',
  CommonName: 'CN',
  SerialNumber: 'serialNumber',
  Title: 'title',
  Surname: 'SN',
  GivenName: 'GN',
  Initials: 'initials',
  Pseudonym: 'pseudonym',
  GenerationQualifier: 'generationQualifier',
} as const;

/** A kind of alternative name: its name in a policy, and the one that @peculiar/x509 gives it. */
export const alternativeNames = {
  RFC822Name: 'email',
  DNSName: 'dns',
  DirectoryName: 'dn',
  UniformResourceIdentifier: 'url',
  IPAddress: 'ip',
} as const;

const certificateKeys = ['Subject', 'Issuer'].flatMap((owner) => [
  ...Object.keys(nameAttributes).map((name) => `iot:Certificate.${owner}.${name}`),
  ...Object.keys(alternativeNames).map((name) => `iot:Certificate.${owner}.AlternativeName.${name}`),
]);

/**
 * The condition keys and policy variables that AWS documents for AWS IoT policies, in AWS's spelling. A certificate's attributes also come
 * as `.List` (all values) and with an index from 0 (`.1` is the second value); a thing's attributes are `iot:Connection.Thing.Attributes[name]`.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/basic-policy-variables.html
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/thing-policy-variables.html
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/cert-policy-variables.html
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/connect-policy.html
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/IoTCore-VPC.html
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/pub-sub-policy.html (Amazon Cognito)
 */
export const policyKeys: readonly string[] = [
  'iot:ClientId',
  'iot:DomainName',
  'aws:SourceIp',
  'aws:SourceVpc',
  'aws:SourceVpce',
  'aws:VpcSourceIp',
  'iot:ConnectAttributes',
  'iot:LastWillTopic',
  'iot:Connection.Thing.ThingName',
  'iot:Connection.Thing.ThingTypeName',
  'iot:Connection.Thing.IsAttached',
  'iot:CertificateId',
  'iot:Certificate.SerialNumber',
  'iot:Certificate.AvailableKeys',
  ...certificateKeys,
  'cognito-identity.amazonaws.com:sub',
];

const exactKeys = new Set(policyKeys.map((key) => key.toLowerCase()));

const indexableKeys = new Set(certificateKeys.map((key) => key.toLowerCase()));

/** Whether AWS documents a condition key or policy variable. Its case does not matter, as in IAM. */
export function isPolicyKey(name: string): boolean {
  const key = name.toLowerCase();
  return exactKeys.has(key) || thingAttribute.test(key) || indexableKeys.has(key.replace(/\.(list|\d+)$/, ''));
}

/**
 * Whether a key can be a policy variable: one that can have several values cannot.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
 */
export function isPolicyVariable(name: string): boolean {
  return isPolicyKey(name) && !/^iot:(connectattributes|certificate\.availablekeys|certificate\..*\.list)$/i.test(name);
}

/** The key of a thing's attribute. The name in the brackets is the attribute's, with its case. No attribute's name has quotes or spaces. */
export const thingAttribute = /^iot:connection\.thing\.attributes\[([\w.,@/:#-]{1,128})\]$/i;

/** A key in one spelling: its case does not matter, but that of the name of a thing's attribute does. */
export function canonicalKey(name: string): string {
  const attribute = thingAttribute.exec(name)?.[1];
  return attribute === undefined ? name.toLowerCase() : `iot:connection.thing.attributes[${attribute}]`;
}
