import { X509Certificate } from 'node:crypto';
import { isSignedKey, kindOf, signedKeys } from '../../util/signed-keys';
import { iotArn, type Location } from './arns';
import { IotError } from './iot-error';

/**
 * How a certificate was registered. One in the mode SNI_ONLY came without its CA's certificate, and its clients must send a server name (SNI).
 *
 * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CertificateDescription.html
 */
export type CertificateMode = 'DEFAULT' | 'SNI_ONLY';

export type CertificateStatus = 'ACTIVE' | 'INACTIVE' | 'REVOKED' | 'PENDING_TRANSFER' | 'PENDING_ACTIVATION';

/** A certificate of the registry. */
export interface Certificate {
  readonly certificateId: string;
  readonly certificateArn: string;
  readonly certificatePem: string;
  readonly certificateMode: CertificateMode;
  readonly creationDate: Date;
  readonly notBefore: Date;
  readonly notAfter: Date;
  status: CertificateStatus;
}

/**
 * A certificate as the registry has it.
 *
 * @throws IotError CertificateValidationException if AWS IoT would not register it
 */
export function newCertificate(
  certificatePem: string,
  {
    location,
    ...registered
  }: Pick<Certificate, 'certificateMode' | 'creationDate' | 'status'> & { readonly location: Location },
): Certificate {
  const parsed = parseCertificate(certificatePem);
  const certificateId = certificateIdOf(parsed);
  return {
    certificateId,
    certificateArn: iotArn(location, 'cert', certificateId),
    certificatePem,
    notBefore: new Date(parsed.validFrom),
    notAfter: new Date(parsed.validTo),
    ...registered,
  };
}

/** A certificate's id: the SHA-256 of its DER, in hexadecimal. */
export function certificateIdOf(certificate: { readonly fingerprint256: string }): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** The id in a certificate's ARN. */
export function certificateIdFrom(certificateArn: string): string {
  return certificateArn.slice(certificateArn.lastIndexOf('/') + 1);
}

function parseCertificate(pem: string): X509Certificate {
  let certificate: X509Certificate;
  try {
    certificate = new X509Certificate(pem);
  } catch {
    throw new IotError(
      'CertificateValidationException',
      'The text to be registered is not an X.509 certificate in PEM.',
    );
  }
  const { publicKey } = certificate;
  if (isSignedKey(publicKey)) return certificate;
  throw new IotError(
    'CertificateValidationException',
    `The certificate has a key that is ${kindOf(publicKey)}; AWS IoT takes ${signedKeys}.`,
  );
}
