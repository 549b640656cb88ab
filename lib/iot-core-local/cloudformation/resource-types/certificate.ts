import { certificateStatuses } from '../../registry/certificate';
import { oneOf, textProperty } from './property-values';
import type { ResourceType } from './resource-type';

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

  async create({ CertificateSigningRequest, CertificatePem, Status }, { registry, certificateAuthority }) {
    const status = oneOf(certificateStatuses, Status, 'Status');
    const pem =
      CertificatePem === undefined
        ? await certificateAuthority.sign(textProperty(CertificateSigningRequest, 'CertificateSigningRequest'))
        : textProperty(CertificatePem, 'CertificatePem');
    const { certificateId, certificateArn } = registry.registerCertificate(pem, status);
    return { ref: certificateId, attributes: { Arn: certificateArn, Id: certificateId } };
  },

  update({ new: { Status }, created }, { registry }) {
    registry.updateCertificate(created.ref, oneOf(certificateStatuses, Status, 'Status'));
    return created;
  },

  delete({ Status }, { ref }, { registry }) {
    // AWS's handler goes by the template's status, not by the certificate's.
    if (Status === 'ACTIVE') registry.updateCertificate(ref, 'INACTIVE');
    registry.deleteCertificate(ref);
  },
};
