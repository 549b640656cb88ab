import { systemClocks } from '../clocks';
import type { Location } from './arns';
import { Attachments } from './attachments';
import { type Certificate, type CertificateMode, type CertificateStatus, newCertificate } from './certificate';
import { found } from './found';
import { IotError } from './iot-error';
import { Policies, type PoliciesOptions } from './policies';
import type { Policy, PolicyVersion } from './policy';
import { certificateIdOfPrincipal } from './principal-arn';
import {
  checkVersion,
  isSameThing,
  newThing,
  type Thing,
  type ThingConfiguration,
  type ThingPrincipalType,
  thingExists,
  withAttributes,
} from './thing';

export interface RegistryOptions extends Pick<PoliciesOptions, 'isLenient' | 'warn'> {
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
  private readonly policies: Policies;
  private readonly attachments = new Attachments();
  private readonly listeners = new Set<() => void>();

  private readonly wallClock: () => number;

  constructor(
    readonly location: Location,
    { wallClock = systemClocks.wall, ...options }: RegistryOptions = {},
  ) {
    this.wallClock = wallClock;
    this.policies = new Policies({ ...options, location, wallClock });
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
   * @throws IotError ResourceAlreadyExistsException if it exists with another one; InvalidRequestException as {@link newThing}
   * @see https://docs.aws.amazon.com/iot/latest/apireference/API_CreateThing.html
   */
  createThing(thingName: string, options: Partial<ThingConfiguration> = {}): Thing {
    const thing = newThing(thingName, options, this.location);
    const existing = this.things.get(thingName);
    if (existing) {
      if (isSameThing(existing, thing)) return existing;
      throw thingExists(thingName);
    }
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
   * @param attributes - @default - those that the thing has
   * @param expectedVersion - @default - any
   * @throws IotError VersionConflictException if the thing has another version than the expected one
   * @see https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
   */
  updateThing(
    thingName: string,
    {
      attributes,
      merge = false,
      expectedVersion,
    }: { attributes?: Record<string, string>; merge?: boolean; expectedVersion?: number },
  ): Thing {
    const old = this.describeThing(thingName);
    checkVersion(old, expectedVersion);
    const thing = withAttributes(old, merge || !attributes ? { ...old.attributes, ...attributes } : attributes);
    this.things.set(thingName, thing);
    this.changed();
    return thing;
  }

  /**
   * Succeeds if the thing does not exist, as on AWS.
   *
   * @param expectedVersion - as for {@link updateThing}
   */
  deleteThing(thingName: string, { expectedVersion }: { expectedVersion?: number } = {}): void {
    const thing = this.things.get(thingName);
    if (thing) checkVersion(thing, expectedVersion);
    if (this.attachments.principalsOf(thingName).length > 0) {
      throw new IotError(
        'InvalidRequestException',
        `Cannot delete. Thing ${thingName} is still attached to one or more principals`,
      );
    }
    this.things.delete(thingName);
    this.changed();
  }

  // Certificates

  /** @throws IotError as {@link newCertificate}, or ResourceAlreadyExistsException */
  registerCertificate(
    certificatePem: string,
    status: CertificateStatus = 'INACTIVE',
    certificateMode: CertificateMode = 'DEFAULT',
  ): Certificate {
    const certificate = newCertificate(certificatePem, {
      location: this.location,
      creationDate: new Date(this.wallClock()),
      status,
      certificateMode,
    });
    const { certificateId } = certificate;
    if (this.certificates.has(certificateId)) {
      throw new IotError('ResourceAlreadyExistsException', `The certificate ${certificateId} is already registered.`);
    }
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
      throw deleteConflict(`Things must be detached before deletion (arn: ${certificateArn})`);
    }
    const policies = this.listAttachedPolicies(certificateArn);
    if (policies.length > 0 && !options.forceDelete) {
      throw deleteConflict(`Certificate policies must be detached before deletion (arn: ${certificateArn})`);
    }
    for (const policy of policies) this.detachPolicy(policy.policyName, certificateArn);
    this.certificates.delete(certificateId);
    this.changed();
  }

  // Policies

  /** @throws IotError as {@link Policies.create} */
  createPolicy(policyName: string, document: unknown): Policy {
    const policy = this.policies.create(policyName, document);
    this.changed();
    return policy;
  }

  getPolicy(policyName: string): Policy {
    return this.policies.get(policyName);
  }

  listPolicies(): Policy[] {
    return this.policies.list();
  }

  /** @throws IotError as {@link Policies.createVersion} */
  createPolicyVersion(policyName: string, document: unknown, options: { setAsDefault?: boolean } = {}): PolicyVersion {
    const version = this.policies.createVersion(policyName, document);
    if (options.setAsDefault) this.getPolicy(policyName).setDefault(version.versionId);
    this.changed();
    return version;
  }

  /** @throws IotError ResourceNotFoundException if there is no such version */
  setDefaultPolicyVersion(policyName: string, versionId: string): void {
    this.getPolicy(policyName).setDefault(versionId);
    this.changed();
  }

  deletePolicyVersion(policyName: string, versionId: string): void {
    this.getPolicy(policyName).deleteVersion(versionId);
  }

  deletePolicy(policyName: string): void {
    const policy = this.getPolicy(policyName);
    if (this.attachments.targetsOf(policyName).length > 0) {
      throw deleteConflict(
        `The policy cannot be deleted as the policy is attached to one or more principals (name=${policyName})`,
      );
    }
    if (policy.versions.size > 1) {
      throw deleteConflict(
        `Cannot delete the policy because it has one or more policy versions attached to it (name=${policyName})`,
      );
    }
    this.policies.delete(policyName);
    this.changed();
  }

  // Attachments, as Attachments allows them

  attachPolicy(policyName: string, target: string): void {
    this.getPolicy(policyName);
    this.certificateOf(target);
    this.attachments.attachPolicy(policyName, target);
    this.changed();
  }

  detachPolicy(policyName: string, target: string): void {
    this.getPolicy(policyName);
    this.attachments.detachPolicy(policyName, target);
    this.changed();
  }

  listAttachedPolicies(target: string): Policy[] {
    return this.attachments.policiesOf(target).map((policyName) => this.getPolicy(policyName));
  }

  listTargetsForPolicy(policyName: string): string[] {
    this.getPolicy(policyName);
    return this.attachments.targetsOf(policyName);
  }

  attachThingPrincipal(thingName: string, principal: string, type: ThingPrincipalType = 'NON_EXCLUSIVE_THING'): void {
    this.describeThing(thingName);
    this.certificateOf(principal);
    this.attachments.attachPrincipal(thingName, principal, type);
    this.changed();
  }

  detachThingPrincipal(thingName: string, principal: string): void {
    this.describeThing(thingName);
    this.attachments.detachPrincipal(thingName, principal);
    this.changed();
  }

  listThingPrincipals(thingName: string): { principal: string; type: ThingPrincipalType }[] {
    this.describeThing(thingName);
    return this.attachments.principalsOf(thingName);
  }

  listPrincipalThings(principal: string): { thingName: string; type: ThingPrincipalType }[] {
    return this.attachments.thingsOf(principal);
  }

  /** The names of the things that a certificate is attached to. */
  thingNamesOf(principal: string): string[] {
    return this.listPrincipalThings(principal).map(({ thingName }) => thingName);
  }

  private certificateOf(arn: string): Certificate {
    return this.describeCertificate(certificateIdOfPrincipal(arn, this.location));
  }

  private changed(): void {
    this.revision += 1;
    for (const listener of this.listeners) listener();
  }
}

function deleteConflict(message: string): IotError {
  return new IotError('DeleteConflictException', message);
}
