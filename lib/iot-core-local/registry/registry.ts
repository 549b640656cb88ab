import { X509Certificate } from 'node:crypto';
import { isSignedKey, kindOf, signedKeys } from '../../util/signed-keys';
import { systemClocks } from '../clocks';
import { iotArn, type Location } from './arns';
import { type Certificate, type CertificateStatus, certificateIdOf } from './certificate';
import { IotError } from './iot-error';
import { Policy, type PolicyVersion } from './policy';
import { PolicyDocument } from './policy-document';
import { certificateIdOfPrincipal } from './principal-arn';
import { Relation } from './relation';
import { checkThing, isSameThing, type Thing, type ThingPrincipalType, thingExists, thingIdOf } from './thing';

/** https://docs.aws.amazon.com/general/latest/gr/iot-core.html#security-limits */
const maximumPolicies = 10;

export interface RegistryOptions {
  /** As in {@link PolicyDocument.parse}. @default false */
  readonly isLenient?: boolean;
  /** Is told what a person should know of a policy: a sentence. @default - nobody is */
  readonly warn?: (message: string) => void;
  /** Milliseconds since 1970, for the dates of certificates and policies. @default - this machine's */
  readonly wallClock?: () => number;
}

/**
 * What AWS IoT Core knows of a fleet: things, certificates and policies, and their attachments.
 *
 * The methods are operations of the AWS IoT API and follow its rules on deletion. Each throws an {@link IotError} with AWS's name.
 * Everything is in memory, and a change takes effect at once.
 */
export class Registry {
  /** Increases with every change that can alter an authorization decision. */
  revision = 0;

  private readonly things = new Map<string, Thing>();
  private readonly certificates = new Map<string, Certificate>();
  private readonly policies = new Map<string, Policy>();
  /** Policy name to the ARN of a target. */
  private readonly policyTargets = new Relation<true>();
  /** Thing name to the ARN of a principal. */
  private readonly thingPrincipals = new Relation<ThingPrincipalType>();
  private readonly listeners = new Set<() => void>();

  private readonly wallClock: () => number;

  constructor(
    readonly location: Location,
    private readonly options: RegistryOptions = {},
  ) {
    this.wallClock = options.wallClock ?? systemClocks.wall;
  }

  /** Calls `listener` after every change that can alter an authorization decision, until the returned function is called. */
  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  // Things

  /**
   * Succeeds if the same thing exists with the same configuration, as on AWS.
   *
   * @throws IotError ResourceAlreadyExistsException if it exists with another one; InvalidRequestException as {@link checkThing}
   * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
   */
  createThing(thingName: string, options: { thingTypeName?: string; attributes?: Record<string, string> } = {}): Thing {
    const attributes = textsOf(options.attributes ?? {});
    const { thingTypeName } = options;
    checkThing({ thingName, thingTypeName, attributes });
    const existing = this.things.get(thingName);
    if (existing) {
      if (isSameThing(existing, { thingTypeName, attributes })) return existing;
      throw thingExists(thingName);
    }
    const thingArn = iotArn(this.location, 'thing', thingName);
    const thing: Thing = { thingName, thingArn, thingId: thingIdOf(thingArn), thingTypeName, attributes };
    this.things.set(thingName, thing);
    this.changed();
    return thing;
  }

  describeThing(thingName: string): Thing {
    return found(this.things.get(thingName), 'Thing', thingName);
  }

  hasThing(thingName: string): boolean {
    return this.things.has(thingName);
  }

  listThings(): Thing[] {
    return [...this.things.values()];
  }

  /**
   * Replaces the attributes of a thing, or with `merge` changes only those that are named. An empty value removes an attribute.
   *
   * @see https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
   */
  updateThing(
    thingName: string,
    { attributes, merge = false }: { attributes: Record<string, string>; merge?: boolean },
  ): Thing {
    const old = this.describeThing(thingName);
    const all = { ...(merge ? old.attributes : {}), ...textsOf(attributes) };
    const thing = { ...old, attributes: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')) };
    checkThing(thing);
    this.things.set(thingName, thing);
    this.changed();
    return thing;
  }

  /** Succeeds if the thing does not exist, as on AWS. */
  deleteThing(thingName: string): void {
    if (this.thingPrincipals.rightOf(thingName).size > 0) {
      throw new IotError(
        'InvalidRequestException',
        `Cannot delete. Thing ${thingName} is still attached to one or more principals`,
      );
    }
    this.things.delete(thingName);
    this.changed();
  }

  // Certificates

  /** Registers a certificate. Its id is the SHA-256 of its DER in hexadecimal, as on AWS. */
  registerCertificate(certificatePem: string, status: CertificateStatus = 'INACTIVE'): Certificate {
    const parsed = parseCertificate(certificatePem);
    const certificateId = certificateIdOf(parsed);
    if (this.certificates.has(certificateId)) {
      throw new IotError('ResourceAlreadyExistsException', `The certificate ${certificateId} is already registered.`);
    }
    const certificate: Certificate = {
      certificateId,
      certificateArn: iotArn(this.location, 'cert', certificateId),
      certificatePem,
      creationDate: new Date(this.wallClock()),
      notBefore: new Date(parsed.validFrom),
      notAfter: new Date(parsed.validTo),
      status,
    };
    this.certificates.set(certificateId, certificate);
    this.changed();
    return certificate;
  }

  describeCertificate(certificateId: string): Certificate {
    return found(this.certificates.get(certificateId), 'Certificate', certificateId);
  }

  /** The certificate with this id, or undefined if none is registered. */
  findCertificate(certificateId: string): Certificate | undefined {
    return this.certificates.get(certificateId);
  }

  listCertificates(): Certificate[] {
    return [...this.certificates.values()];
  }

  /**
   * @throws IotError CertificateStateException when the certificate is REVOKED and another status is asked for: revoking is final
   * @see https://docs.aws.amazon.com/iot/latest/developerguide/revoke-ca-cert.html
   */
  updateCertificate(certificateId: string, status: CertificateStatus): void {
    const certificate = this.describeCertificate(certificateId);
    if (certificate.status === status) return;
    if (certificate.status === 'REVOKED') {
      throw new IotError(
        'CertificateStateException',
        `The certificate is REVOKED, and its status cannot be changed. CertificateId: ${certificateId}`,
      );
    }
    certificate.status = status;
    this.changed();
  }

  /** `forceDelete` skips only the check for policies. https://docs.aws.amazon.com/iot/latest/apireference/API_DeleteCertificate.html */
  deleteCertificate(certificateId: string, options: { forceDelete?: boolean } = {}): void {
    const { certificateArn, status } = this.describeCertificate(certificateId);
    if (status === 'ACTIVE') {
      throw new IotError(
        'CertificateStateException',
        `Certificate must be deactivated (not ACTIVE) before deletion. CertificateId: ${certificateId}`,
      );
    }
    if (this.listPrincipalThings(certificateArn).length > 0) {
      throw new IotError('DeleteConflictException', `Things must be detached before deletion (arn: ${certificateArn})`);
    }
    const policies = this.listAttachedPolicies(certificateArn);
    if (policies.length > 0 && !options.forceDelete) {
      throw new IotError(
        'DeleteConflictException',
        `Certificate policies must be detached before deletion (arn: ${certificateArn})`,
      );
    }
    for (const policy of policies) this.detachPolicy(policy.policyName, certificateArn);
    this.certificates.delete(certificateId);
    this.changed();
  }

  // Policies

  /** @throws IotError as {@link PolicyDocument.parse}, InvalidRequestException, ResourceAlreadyExistsException */
  createPolicy(policyName: string, document: unknown): Policy {
    if (!/^[\w+=,.@-]{1,128}$/.test(policyName)) {
      throw new IotError(
        'InvalidRequestException',
        `A policy name is 1 to 128 letters, digits or any of "_+=,.@-"; "${policyName}" is not.`,
      );
    }
    if (this.policies.has(policyName)) {
      throw new IotError('ResourceAlreadyExistsException', `Policy "${policyName}" already exists.`);
    }
    const policyArn = iotArn(this.location, 'policy', policyName);
    const policy = new Policy(policyName, policyArn, this.read(policyName, document), this.wallClock);
    this.policies.set(policyName, policy);
    this.changed();
    return policy;
  }

  getPolicy(policyName: string): Policy {
    return found(this.policies.get(policyName), 'Policy', policyName);
  }

  listPolicies(): Policy[] {
    return [...this.policies.values()];
  }

  createPolicyVersion(policyName: string, document: unknown, options: { setAsDefault?: boolean } = {}): PolicyVersion {
    const policy = this.getPolicy(policyName);
    const version = policy.createVersion(this.read(policyName, document));
    if (options.setAsDefault) policy.defaultVersionId = version.versionId;
    this.changed();
    return version;
  }

  /** @throws IotError ResourceNotFoundException if there is no such version */
  setDefaultPolicyVersion(policyName: string, versionId: string): void {
    const policy = this.getPolicy(policyName);
    found(policy.versions.get(versionId), 'Policy version', `${policyName}:${versionId}`);
    policy.defaultVersionId = versionId;
    this.changed();
  }

  deletePolicyVersion(policyName: string, versionId: string): void {
    this.getPolicy(policyName).deleteVersion(versionId);
  }

  deletePolicy(policyName: string): void {
    const policy = this.getPolicy(policyName);
    if (this.policyTargets.rightOf(policyName).size > 0) {
      throw new IotError(
        'DeleteConflictException',
        `The policy cannot be deleted as the policy is attached to one or more principals (name=${policyName})`,
      );
    }
    if (policy.versions.size > 1) {
      throw new IotError(
        'DeleteConflictException',
        `Cannot delete the policy because it has one or more policy versions attached to it (name=${policyName})`,
      );
    }
    this.policies.delete(policyName);
    this.changed();
  }

  // Attachments

  attachPolicy(policyName: string, target: string): void {
    this.getPolicy(policyName);
    this.certificateOf(target);
    const attached = this.policyTargets.leftOf(target);
    if (attached.size >= maximumPolicies && !attached.has(policyName)) {
      throw new IotError(
        'LimitExceededException',
        `A principal has at most ${maximumPolicies} policies; ${target} has them.`,
      );
    }
    this.policyTargets.add(policyName, target, true);
    this.changed();
  }

  detachPolicy(policyName: string, target: string): void {
    this.getPolicy(policyName);
    this.policyTargets.delete(policyName, target);
    this.changed();
  }

  listAttachedPolicies(target: string): Policy[] {
    return [...this.policyTargets.leftOf(target).keys()].map((policyName) => this.getPolicy(policyName));
  }

  listTargetsForPolicy(policyName: string): string[] {
    this.getPolicy(policyName);
    return [...this.policyTargets.rightOf(policyName).keys()];
  }

  /** An EXCLUSIVE_THING must be the only thing of its principal. https://docs.aws.amazon.com/iot/latest/developerguide/exclusive-thing.html */
  attachThingPrincipal(thingName: string, principal: string, type: ThingPrincipalType = 'NON_EXCLUSIVE_THING'): void {
    this.describeThing(thingName);
    this.certificateOf(principal);
    const others = this.listPrincipalThings(principal).filter((other) => other.thingName !== thingName);
    if (others.length > 0 && (type === 'EXCLUSIVE_THING' || others.some((other) => other.type === 'EXCLUSIVE_THING'))) {
      throw new IotError(
        'InvalidRequestException',
        `Thing ${thingName} cannot be attached: an exclusive thing must be the only one attached to ${principal}.`,
      );
    }
    this.thingPrincipals.add(thingName, principal, type);
    this.changed();
  }

  detachThingPrincipal(thingName: string, principal: string): void {
    this.describeThing(thingName);
    this.thingPrincipals.delete(thingName, principal);
    this.changed();
  }

  listThingPrincipals(thingName: string): { principal: string; type: ThingPrincipalType }[] {
    this.describeThing(thingName);
    return [...this.thingPrincipals.rightOf(thingName)].map(([principal, type]) => ({ principal, type }));
  }

  listPrincipalThings(principal: string): { thingName: string; type: ThingPrincipalType }[] {
    return [...this.thingPrincipals.leftOf(principal)].map(([thingName, type]) => ({ thingName, type }));
  }

  private read(policyName: string, source: unknown): PolicyDocument {
    const document = PolicyDocument.parse(source, this.options);
    for (const warning of document.warnings) this.options.warn?.(`Policy "${policyName}": ${warning}`);
    return document;
  }

  private certificateOf(arn: string): Certificate {
    return this.describeCertificate(certificateIdOfPrincipal(arn, this.location));
  }

  private changed(): void {
    this.revision += 1;
    for (const listener of this.listeners) listener();
  }
}

/** A template may have a number or a boolean as an attribute. CloudFormation makes a text of it. */
function textsOf(attributes: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
}

/** @throws IotError CertificateValidationException if AWS IoT would not register it */
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

function found<T>(value: T | undefined, kind: string, name: string): T {
  if (value === undefined) throw new IotError('ResourceNotFoundException', `${kind} "${name}" does not exist.`);
  return value;
}
