import { createPrivateKey } from 'node:crypto';
import { join } from 'node:path';
import { newCertificateRequest } from '../../lib/devices/certificate-request';
import { CertificateAuthority } from '../../lib/iot-core-local/registry/certificate-authority';
import { newPrivateKey } from '../../lib/util/private-key';
import { type Setup, setUp } from './setup';
import type { Identity } from './wire';

/**
 * Sets up servers for one device, which may do everything under any client id.
 *
 * @param folder - one of the benchmark's own
 */
export async function setUpPermissive(folder: string): Promise<{ setup: Setup; identity: Identity }> {
  const key = newPrivateKey();
  const csr = await newCertificateRequest(createPrivateKey(key), 'any');
  const Document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'iot:*', Resource: '*' }] };
  const Resources = {
    Policy: { Type: 'AWS::IoT::Policy', Properties: { PolicyName: 'any', PolicyDocument: Document } },
    Certificate: { Type: 'AWS::IoT::Certificate', Properties: { CertificateSigningRequest: csr, Status: 'ACTIVE' } },
    Attachment: {
      Type: 'AWS::IoT::PolicyPrincipalAttachment',
      Properties: { PolicyName: { Ref: 'Policy' }, Principal: { 'Fn::GetAtt': ['Certificate', 'Arn'] } },
    },
  };
  const authority = await CertificateAuthority.open(join(folder, 'local', '.certificate-authority'));
  const identity = { clientId: 'any', key, certificate: await authority.sign(csr), rootCa: authority.rootPem };
  return { setup: await setUp(folder, { Resources }, [{ user: 'any', access: 'readwrite', topic: '#' }]), identity };
}
