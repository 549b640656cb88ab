import type { Location } from '../registry/arns';
import { IamError } from './iam-error';
import { documentIn, IdentityPolicy } from './identity-policy';
import { isManagedByAws, policyOfAws } from './managed-by-aws';

/** A role, with what is attached to it. */
export interface Role {
  readonly name: string;
  readonly arn: string;
  /** Whether Lambda may assume it. */
  readonly isForLambda: boolean;
  /** By name. */
  readonly inlinePolicies: Map<string, IdentityPolicy>;
  /** ARNs. */
  readonly managedPolicies: Set<string>;
}

/** The roles and managed policies of an account. Its methods are IAM's operations, and throw an IamError as IAM does. */
export class Roles {
  private readonly roles = new Map<string, Role>();
  private readonly managed = new Map<string, IdentityPolicy>();

  constructor(private readonly location: Location) {}

  /** @param path - `/`, or `/team/` */
  createRole(name: string, path: string, trustPolicy: unknown): Role {
    if (this.roles.has(name)) throw new IamError('EntityAlreadyExists', `Role with name ${name} already exists.`);
    const role: Role = {
      name,
      arn: this.roleArn(name, path),
      isForLambda: trustsLambda(trustPolicy),
      inlinePolicies: new Map(),
      managedPolicies: new Set(),
    };
    this.roles.set(name, role);
    return role;
  }

  updateTrustPolicy(name: string, trustPolicy: unknown): void {
    this.roles.set(name, { ...this.getRole(name), isForLambda: trustsLambda(trustPolicy) });
  }

  /** @throws IamError NoSuchEntity */
  getRole(name: string): Role {
    const role = this.roles.get(name);
    if (role) return role;
    throw new IamError('NoSuchEntity', `The role with name ${name} cannot be found.`);
  }

  findByArn(arn: string): Role | undefined {
    return [...this.roles.values()].find((role) => role.arn === arn);
  }

  deleteRole(name: string): void {
    const { inlinePolicies, managedPolicies } = this.getRole(name);
    if (managedPolicies.size > 0) {
      throw new IamError('DeleteConflict', 'Cannot delete entity, must detach all policies first.');
    }
    if (inlinePolicies.size > 0) {
      throw new IamError('DeleteConflict', 'Cannot delete entity, must delete policies first.');
    }
    this.roles.delete(name);
  }

  putRolePolicy(roleName: string, policyName: string, document: unknown): void {
    const policy = IdentityPolicy.parse(document);
    this.getRole(roleName).inlinePolicies.set(policyName, policy);
  }

  deleteRolePolicy(roleName: string, policyName: string): void {
    this.getRole(roleName).inlinePolicies.delete(policyName);
  }

  /** @returns the policy's ARN */
  createPolicy(name: string, path: string, document: unknown): string {
    const arn = this.policyArn(name, path);
    if (this.managed.has(arn)) throw new IamError('EntityAlreadyExists', `A policy called ${name} already exists.`);
    this.managed.set(arn, IdentityPolicy.parse(document));
    return arn;
  }

  updatePolicy(arn: string, document: unknown): void {
    this.managed.set(arn, IdentityPolicy.parse(document));
  }

  deletePolicy(arn: string): void {
    if ([...this.roles.values()].some(({ managedPolicies }) => managedPolicies.has(arn))) {
      throw new IamError('DeleteConflict', 'Cannot delete a policy attached to entities.');
    }
    this.managed.delete(arn);
  }

  attachRolePolicy(roleName: string, policyArn: string): void {
    const role = this.getRole(roleName);
    if (isManagedByAws(policyArn)) {
      policyOfAws(policyArn);
    } else if (!this.managed.has(policyArn)) {
      throw new IamError('NoSuchEntity', `Policy ${policyArn} does not exist or is not attachable.`);
    }
    role.managedPolicies.add(policyArn);
  }

  detachRolePolicy(roleName: string, policyArn: string): void {
    this.getRole(roleName).managedPolicies.delete(policyArn);
  }

  /** The policies that decide what the role may do now. */
  policiesOf({ name }: Pick<Role, 'name'>): IdentityPolicy[] {
    const role = this.roles.get(name);
    if (!role) return [];
    const managed = [...role.managedPolicies].map((arn) => this.managed.get(arn) ?? policyOfAws(arn));
    return [...role.inlinePolicies.values(), ...managed];
  }

  /** @param path - `/`, or `/team/` */
  roleArn(name: string, path: string): string {
    return this.arnOf(`role${path}${name}`);
  }

  /** @param path - `/`, or `/team/` */
  policyArn(name: string, path: string): string {
    return this.arnOf(`policy${path}${name}`);
  }

  private arnOf(resource: string): string {
    const { partition, accountId } = this.location;
    return `arn:${partition}:iam::${accountId}:${resource}`;
  }
}

/** Whether a trust policy lets Lambda assume the role, without any condition. */
function trustsLambda(document: unknown): boolean {
  const { Statement = [] } = Object(documentIn(document, 'trust policy'));
  const statements = [Statement].flat().map((statement) => Object(statement) as Record<string, unknown>);
  return (
    !statements.some(({ Effect }) => Effect === 'Deny') &&
    statements.some(
      ({ Action, Principal, Condition }) =>
        Condition === undefined &&
        [Action].flat().some((action) => String(action).toLowerCase() === 'sts:assumerole') &&
        [Object(Principal).Service].flat().includes('lambda.amazonaws.com'),
    )
  );
}
