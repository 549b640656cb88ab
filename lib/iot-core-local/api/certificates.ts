import type { Certificate, CertificateStatus } from '../registry/certificate';
import { IotError } from '../registry/iot-error';
import { newKeyPair } from '../registry/new-key-pair';
import { onAll, onCertificate } from './needed-access';
import { fieldsOf, flag, operation, seconds, text } from './operation';
import { pageByMarker } from './pages';

/** https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT.html */
export const certificateOperations = {
  CreateCertificateFromCsr: operation(
    'POST /certificates?setAsActive',
    onAll,
    async ({ query, body }, { registry, certificateAuthority }) => {
      const csr = text(
        fieldsOf({ body }, 'certificateSigningRequest').certificateSigningRequest,
        'certificateSigningRequest',
      );
      const status = statusOfNew(query);
      return created(registry.registerCertificate(await certificateAuthority.sign(csr), status));
    },
  ),

  CreateKeysAndCertificate: operation(
    'POST /keys-and-certificate?setAsActive',
    onAll,
    async ({ query }, { registry, certificateAuthority }) => {
      const status = statusOfNew(query);
      const { privateKey, publicKey, request } = await newKeyPair();
      const certificate = registry.registerCertificate(await certificateAuthority.sign(request), status);
      return { ...created(certificate), keyPair: { PublicKey: publicKey, PrivateKey: privateKey } };
    },
  ),

  RegisterCertificateWithoutCA: operation('POST /certificate/register-no-ca', onAll, ({ body }, { registry }) => {
    const { certificatePem, status = 'INACTIVE' } = fieldsOf({ body }, 'certificatePem', 'status');
    const certificate = registry.registerCertificate(
      text(certificatePem, 'certificatePem'),
      statusOf(status),
      'SNI_ONLY',
    );
    return { certificateArn: certificate.certificateArn, certificateId: certificate.certificateId };
  }),

  DescribeCertificate: operation('GET /certificates/{certificateId}', onCertificate, ({ path }, { registry }) => {
    const certificate = registry.describeCertificate(path.certificateId);
    const { certificatePem, notBefore, notAfter } = certificate;
    const validity = { notBefore: seconds(notBefore), notAfter: seconds(notAfter) };
    return { certificateDescription: { ...summaryOf(certificate), certificatePem, validity } };
  }),

  ListCertificates: operation('GET /certificates?pageSize&marker', onAll, ({ query }, { registry, faults }) =>
    pageByMarker('certificates', registry.listCertificates().map(summaryOf), query, faults),
  ),

  UpdateCertificate: operation(
    'PUT /certificates/{certificateId}?newStatus',
    onCertificate,
    ({ path, query }, { registry }) => registry.updateCertificate(path.certificateId, statusOf(query.newStatus)),
  ),

  DeleteCertificate: operation(
    'DELETE /certificates/{certificateId}?forceDelete',
    onCertificate,
    ({ path, query }, { registry }) =>
      registry.deleteCertificate(path.certificateId, { forceDelete: flag(query.forceDelete, 'forceDelete') }),
  ),
};

/** What the answer says of a certificate that IoT Core Local has signed. */
function created({ certificateArn, certificateId, certificatePem }: Certificate) {
  return { certificateArn, certificateId, certificatePem };
}

function statusOfNew({ setAsActive }: { readonly setAsActive?: string }): CertificateStatus {
  return flag(setAsActive, 'setAsActive') ? 'ACTIVE' : 'INACTIVE';
}

function summaryOf({ certificateArn, certificateId, status, certificateMode, creationDate }: Certificate) {
  return { certificateArn, certificateId, status, certificateMode, creationDate: seconds(creationDate) };
}

/** Only AWS can set PENDING_TRANSFER and PENDING_ACTIVATION. */
function statusOf(value: unknown): CertificateStatus {
  if (value === 'ACTIVE' || value === 'INACTIVE' || value === 'REVOKED') return value;
  throw new IotError(
    'InvalidRequestException',
    `A certificate is ACTIVE, INACTIVE or REVOKED, not ${JSON.stringify(value)}.`,
  );
}
