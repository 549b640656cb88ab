import { X509Certificate } from 'node:crypto';
import { alternativeNames, nameAttributes } from './policy-keys';
import type { X509 } from './x509';

/** Of a certificate attribute with more values, only the first five count. */
const mostValues = 5;

/** Characters. A longer value does not count. */
const longestValue = 1024;

/**
 * A certificate's attributes, as policies see them.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/cert-policy-variables.html
 */
export class CertificateAttributes {
  private readonly certificate: X509Certificate;
  private readonly names: Record<string, Record<string, string | string[]>>;
  private alternatives?: Map<string, string[]>;

  constructor(private readonly certificatePem: string) {
    this.certificate = new X509Certificate(certificatePem);
    const { subject, issuer } = this.certificate.toLegacyObject() as unknown as typeof this.names;
    this.names = { subject, issuer };
  }

  /** Hexadecimal digits, as OpenSSL writes them. AWS's pages do not say how AWS writes it. */
  get serialNumber(): string {
    return this.certificate.serialNumber;
  }

  /** The names of all attributes that have a value. */
  get availableKeys(): string[] {
    const keys = ['Subject', 'Issuer'].flatMap((owner) => [
      ...Object.keys(nameAttributes).map((name) => `${owner}.${name}`),
      ...Object.keys(alternativeNames).map((name) => `${owner}.AlternativeName.${name}`),
    ]);
    return keys.filter((key) => this.valuesOf(key).length > 0).map((key) => `iot:Certificate.${key}`);
  }

  /**
   * The values of an attribute.
   *
   * @param attribute - `Subject.CommonName` or `Issuer.AlternativeName.DNSName`, for example, in any case
   */
  valuesOf(attribute: string): string[] {
    const [owner, name, kind] = attribute.toLowerCase().split('.');
    const values = kind === undefined ? this.namesOf(owner, name) : this.alternativesOf(owner, kind);
    return values.slice(0, mostValues).map(escapeSpecial);
  }

  private namesOf(owner: string, name: string): string[] {
    const found = Object.entries(nameAttributes).find(([key]) => key.toLowerCase() === name);
    return [(found && this.names[owner][found[1]]) ?? []].flat();
  }

  private alternativesOf(owner: string, kind: string): string[] {
    this.alternatives ??= readAlternatives(this.certificatePem);
    return this.alternatives.get(`${owner}.${kind}`) ?? [];
  }
}

/** Whether a policy variable takes a value from a certificate. AWS leaves the variable as it is for a value with a wildcard. */
export function isUsable(value: string): boolean {
  return value !== '' && value.length <= longestValue && !/[*$+?#]/.test(value);
}

/** AWS writes these characters with a backslash. */
function escapeSpecial(value: string): string {
  return value.replace(/[,"\\=<>;]/g, '\\$&');
}

/** By owner and kind, as in `subject.dnsname`. Loads the library only when a policy asks for it, as loading it takes long. */
function readAlternatives(certificatePem: string): Map<string, string[]> {
  require('reflect-metadata');
  const x509: X509 = require('@peculiar/x509');
  const certificate = new x509.X509Certificate(certificatePem);
  const extensions = {
    subject: certificate.getExtension(x509.SubjectAlternativeNameExtension)?.names.toJSON() ?? [],
    issuer: certificate.getExtension(x509.IssuerAlternativeNameExtension)?.names.toJSON() ?? [],
  };
  const alternatives = new Map<string, string[]>();
  for (const [owner, names] of Object.entries(extensions)) {
    for (const [kind, type] of Object.entries(alternativeNames)) {
      const values = names.filter((name) => name.type === type).map(({ value }) => value);
      alternatives.set(`${owner}.${kind.toLowerCase()}`, values);
    }
  }
  return alternatives;
}
