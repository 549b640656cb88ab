import 'reflect-metadata';
import * as x509 from '@peculiar/x509';
import { CertificateAttributes, isUsable } from '../../../lib/iot-core-local/registry/certificate-attributes';
import { newKeyPair } from '../../support/certificate-request';

/** A self-signed certificate. Its issuer is its subject. */
async function attributesOf(name: x509.JsonName, extensions: x509.Extension[] = []): Promise<CertificateAttributes> {
  const { keys, signingAlgorithm } = await newKeyPair();
  const fields = { name, serialNumber: '0a1b', keys, signingAlgorithm, extensions };
  const certificate = await x509.X509CertificateGenerator.createSelfSigned(fields);
  return new CertificateAttributes(certificate.toString('pem'));
}

test('A certificate’s attributes are read from its subject and its issuer, in any case', async () => {
  const attributes = await attributesOf([{ CN: ['a'] }, { CN: ['b'] }, { O: ['Example Corp'] }, { '2.5.4.44': ['4'] }]);
  expect(attributes.valuesOf('Subject.CommonName')).toEqual(['a', 'b']);
  expect(attributes.valuesOf('issuer.organization')).toEqual(['Example Corp']);
  expect(attributes.valuesOf('Subject.GenerationQualifier')).toEqual(['4']);
  expect(attributes.valuesOf('Subject.Country')).toEqual([]);
  expect(attributes.serialNumber).toBe('0A1B');
});

test('A certificate’s attribute has five values at most', async () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const attributes = await attributesOf(names.map((name) => ({ OU: [name] })));
  expect(attributes.valuesOf('Subject.OrganizationalUnit')).toEqual(names.slice(0, 5));
});

test('Special characters of a certificate’s attribute get a backslash', async () => {
  const attributes = await attributesOf([{ O: ['Amazon.com, Inc. L=Seattle'] }]);
  expect(attributes.valuesOf('Subject.Organization')).toEqual(['Amazon.com\\, Inc. L\\=Seattle']);
});

test('A certificate’s alternative names are read, and every key that has a value is available', async () => {
  const subject = new x509.SubjectAlternativeNameExtension([
    { type: 'dns', value: 'example.com' },
    { type: 'dns', value: 'example.org' },
    { type: 'ip', value: '1.2.3.4' },
  ]);
  const names = new x509.GeneralNames([{ type: 'email', value: 'ca@example.com' }]);
  const issuer = new x509.Extension('2.5.29.18', false, names.rawData);
  const attributes = await attributesOf([{ CN: ['a'] }], [subject, issuer]);
  expect(attributes.valuesOf('Subject.AlternativeName.DNSName')).toEqual(['example.com', 'example.org']);
  expect(attributes.valuesOf('Subject.AlternativeName.IPAddress')).toEqual(['1.2.3.4']);
  expect(attributes.valuesOf('Issuer.AlternativeName.RFC822Name')).toEqual(['ca@example.com']);
  expect(attributes.availableKeys).toEqual([
    'iot:Certificate.Subject.CommonName',
    'iot:Certificate.Subject.AlternativeName.DNSName',
    'iot:Certificate.Subject.AlternativeName.IPAddress',
    'iot:Certificate.Issuer.CommonName',
    'iot:Certificate.Issuer.AlternativeName.RFC822Name',
  ]);
});

test.each([
  ['a', true],
  ['a b', true],
  ['', false],
  ['a*', false],
  ['a$', false],
  ['a+', false],
  ['a?', false],
  ['a#', false],
  ['x'.repeat(1024), true],
  ['x'.repeat(1025), false],
])('The value %j of a certificate’s attribute can fill in a policy variable: %s', (value, expected) => {
  expect(isUsable(value)).toBe(expected);
});
