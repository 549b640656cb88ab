import { IotError } from './iot-error';
import { Relation } from './relation';
import type { ThingPrincipalType } from './thing';

/** https://docs.aws.amazon.com/general/latest/gr/iot-core.html#security-limits */
const maximumPolicies = 10;

/**
 * What is attached to what: policies to principals, and principals to things.
 *
 * It knows names and ARNs. Whether there is such a policy, principal or thing, whoever calls it has checked.
 */
export class Attachments {
  /** Policy name to the ARN of a target. */
  private readonly policies = new Relation<true>();
  /** Thing name to the ARN of a principal. */
  private readonly principals = new Relation<ThingPrincipalType>();

  /** @throws IotError LimitExceededException if the target has all the policies that it may have */
  attachPolicy(policyName: string, target: string): void {
    const attached = this.policies.leftOf(target);
    if (attached.size >= maximumPolicies && !attached.has(policyName)) {
      throw new IotError(
        'LimitExceededException',
        `A principal has at most ${maximumPolicies} policies; ${target} has them.`,
      );
    }
    this.policies.add(policyName, target, true);
  }

  detachPolicy(policyName: string, target: string): void {
    this.policies.delete(policyName, target);
  }

  /** @returns the names of a target's policies, the first attached first */
  policiesOf(target: string): string[] {
    return [...this.policies.leftOf(target).keys()];
  }

  targetsOf(policyName: string): string[] {
    return [...this.policies.rightOf(policyName).keys()];
  }

  /**
   * An EXCLUSIVE_THING must be the only thing of its principal.
   *
   * @throws IotError InvalidRequestException if it would not be, or is not any more
   * @see https://docs.aws.amazon.com/iot/latest/developerguide/exclusive-thing.html
   */
  attachPrincipal(thingName: string, principal: string, type: ThingPrincipalType): void {
    const others = this.thingsOf(principal).filter((other) => other.thingName !== thingName);
    if (others.length > 0 && (type === 'EXCLUSIVE_THING' || others.some((other) => other.type === 'EXCLUSIVE_THING'))) {
      throw new IotError(
        'InvalidRequestException',
        `Thing ${thingName} cannot be attached: an exclusive thing must be the only one attached to ${principal}.`,
      );
    }
    this.principals.add(thingName, principal, type);
  }

  detachPrincipal(thingName: string, principal: string): void {
    this.principals.delete(thingName, principal);
  }

  principalsOf(thingName: string): { principal: string; type: ThingPrincipalType }[] {
    return [...this.principals.rightOf(thingName)].map(([principal, type]) => ({ principal, type }));
  }

  thingsOf(principal: string): { thingName: string; type: ThingPrincipalType }[] {
    return [...this.principals.leftOf(principal)].map(([thingName, type]) => ({ thingName, type }));
  }
}
