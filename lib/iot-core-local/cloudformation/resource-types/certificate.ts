import { X509Certificate } from 'node:crypto';
import type { CertificateMode } from '../../registry/certificate';
import { enumProperty, textProperty } from './property-values';
import type { Properties, ResourceType } from './resource-type';

/** Only AWS can set PENDING_TRANSFER and PENDING_ACTIVATION. */
const statuses = ['ACTIVE', 'INACTIVE', 'REVOKED'] as const;

const modes = ['DEFAULT', 'SNI_ONLY'] as const;

/** @see https://github.com/aws-cloudformation/aws-cloudformation-resource-providers-iot */
export const certificate: ResourceType = {
  properties: {
    CertificateSigningRequest: { replaces: true },
    CertificatePem: { replaces: true },
    CACertificatePem: { replaces: true },
    CertificateMode: { replaces: true },
    Status: { isRequired: true },
  },
  otherProperties: 'refused',
  attributes: ['Arn', 'Id'],

  async create(properties, { registry, certificateAuthority, authorizeCreation }) {
    const status = enumProperty(statuses, properties.Status, 'Status');
    const mode = modeOf(properties);
    // Only the service will know its id.
    authorizeCreation('');
    const { CertificateSigningRequest: request, CertificatePem: given } = properties;
    const pem = request === undefined ? String(given) : await certificateAuthority.sign(String(request));
    const { certificateId, certificateArn } = registry.registerCertificate(pem, status, mode);
    return { ref: certificateId, attributes: { Arn: certificateArn, Id: certificateId } };
  },

  update({ new: { Status }, created }, { registry }) {
    registry.updateCertificate(created.ref, enumProperty(statuses, Status, 'Status'));
    return created;
  },

  delete({ Status }, { ref }, { registry }) {
    // AWS's handler goes by the template's status, not by the certificate's. So it fails for a certificate that is gone, too.
    if (Status === 'ACTIVE') {
      if (!registry.findCertificate(ref)) throw new Error(`The certificate "${ref}" does not exist.`);
      registry.updateCertificate(ref, 'INACTIVE');
    }
    registry.deleteCertificate(ref);
  },
};

/**
 * The mode of a certificate. AWS makes one of a request, of a certificate and its CA's, or of a certificate alone in the mode SNI_ONLY.
 *
 * @throws Error for any other combination of properties
 */
function modeOf(properties: Properties): CertificateMode {
  const { CertificateMode, ...others } = properties;
  const mode = CertificateMode === undefined ? 'DEFAULT' : enumProperty(modes, CertificateMode, 'CertificateMode');
  const names = ['CertificateSigningRequest', 'CertificatePem', 'CACertificatePem'];
  const given = names.filter((name) => others[name] !== undefined);
  for (const name of given) textProperty(others[name], name);
  const allowed =
    mode === 'DEFAULT' ? ['CertificateSigningRequest', 'CertificatePem,CACertificatePem'] : ['CertificatePem'];
  if (!allowed.includes(given.join())) {
    throw new Error(
      `it needs exactly one of these: CertificateSigningRequest; CertificatePem and CACertificatePem; CertificatePem with the CertificateMode "SNI_ONLY". It has ${[...given, `the CertificateMode "${mode}"`].join(', ')}`,
    );
  }
  if (given.includes('CACertificatePem')) checkIssuer(others);
  return mode;
}

/** A CA's certificate must be registered on AWS. Here it only has to be the issuer's. */
function checkIssuer({ CertificatePem, CACertificatePem }: Properties): void {
  let isIssued: boolean;
  try {
    const [certificate, ca] = [CertificatePem, CACertificatePem].map((pem) => new X509Certificate(String(pem)));
    isIssued = certificate.checkIssued(ca) && certificate.verify(ca.publicKey);
  } catch {
    throw new Error('CertificatePem or CACertificatePem is not an X.509 certificate in PEM');
  }
  if (!isIssued) throw new Error('CertificatePem is not signed by CACertificatePem');
}
