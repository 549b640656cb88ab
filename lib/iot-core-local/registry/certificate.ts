export const certificateStatuses = ['ACTIVE', 'INACTIVE', 'REVOKED', 'PENDING_TRANSFER', 'PENDING_ACTIVATION'] as const;

export type CertificateStatus = (typeof certificateStatuses)[number];

/** A certificate of the registry. */
export interface Certificate {
  readonly certificateId: string;
  readonly certificateArn: string;
  readonly certificatePem: string;
  readonly creationDate: Date;
  readonly notBefore: Date;
  readonly notAfter: Date;
  status: CertificateStatus;
}

/** A certificate's id: the SHA-256 of its DER, in hexadecimal. */
export function certificateIdOf(certificate: { readonly fingerprint256: string }): string {
  return certificate.fingerprint256.replaceAll(':', '').toLowerCase();
}

/** The id in a certificate's ARN. */
export function certificateIdFrom(certificateArn: string): string {
  return certificateArn.slice(certificateArn.lastIndexOf('/') + 1);
}
