import {
  DetachPolicyCommand,
  DetachThingPrincipalCommand,
  type IoTClient,
  paginateListAttachedPolicies,
  paginateListPrincipalThings,
  paginateListTargetsForPolicy,
  paginateListThingPrincipals,
} from '@aws-sdk/client-iot';
import type { OwnedDevice } from './fleet-resources';

/** An attachment of a policy or a thing to something that can be detached. */
export interface Attachment {
  /** `detaching the policy "car1" from …` */
  readonly undoing: string;
  /** Asks AWS IoT to detach it, which takes effect some time later. */
  undo(): Promise<unknown>;
}

/** A list of attachments that AWS IoT can be asked for. */
export interface Search {
  readonly name: string;
  find(): Promise<Attachment[]>;
}

/** The largest page of a list of AWS IoT. */
const pageSize = 250;

/**
 * The lists of a device's strangers: of every attachment that its stack did not make. A stranger is somebody else's certificate on the
 * device's thing, or this device's policy on another certificate of the fleet. Each would keep a resource of the fleet from being deleted.
 *
 * The device's own two attachments are left to CloudFormation, so that it can be armed again.
 */
export function strangers(
  { thingName, policyName, certificateArn }: OwnedDevice,
  client: IoTClient,
  abortSignal: AbortSignal,
): Search[] {
  const options = { abortSignal };

  const policyOn = (policyName: string, target: string): Attachment => ({
    undoing: `detaching the policy "${policyName}" from ${target}`,
    undo: () => client.send(new DetachPolicyCommand({ policyName, target }), options),
  });
  const thingOn = (thingName: string, principal: string): Attachment => ({
    undoing: `detaching the thing "${thingName}" from ${principal}`,
    undo: () => client.send(new DetachThingPrincipalCommand({ thingName, principal }), options),
  });

  const searches: Search[] = [];
  if (policyName) {
    searches.push({
      name: `listing what the policy "${policyName}" is attached to`,
      async find() {
        const pages = paginateListTargetsForPolicy({ client, pageSize }, { policyName }, options);
        const targets = await all(pages, (page) => page.targets);
        return targets.filter((target) => target !== certificateArn).map((target) => policyOn(policyName, target));
      },
    });
  }
  if (thingName) {
    searches.push({
      name: `listing what is attached to the thing "${thingName}"`,
      async find() {
        const pages = paginateListThingPrincipals({ client, pageSize }, { thingName }, options);
        const principals = await all(pages, (page) => page.principals);
        return principals.filter((arn) => arn !== certificateArn).map((arn) => thingOn(thingName, arn));
      },
    });
  }
  if (certificateArn) {
    searches.push({
      name: `listing the policies of ${certificateArn}`,
      async find() {
        const pages = paginateListAttachedPolicies({ client, pageSize }, { target: certificateArn }, options);
        const names = await all(pages, (page) => page.policies?.map((policy) => policy.policyName ?? ''));
        return names.filter((name) => name !== policyName).map((name) => policyOn(name, certificateArn));
      },
    });
    searches.push({
      name: `listing the things of ${certificateArn}`,
      async find() {
        const pages = paginateListPrincipalThings({ client, pageSize }, { principal: certificateArn }, options);
        const names = await all(pages, (page) => page.things);
        return names.filter((name) => name !== thingName).map((name) => thingOn(name, certificateArn));
      },
    });
  }
  return searches;
}

/** The items of all pages. They are gathered before any is detached, because a list that shrinks may skip some. */
async function all<Page>(pages: AsyncIterable<Page>, items: (page: Page) => string[] | undefined): Promise<string[]> {
  const found: string[] = [];
  for await (const page of pages) found.push(...(items(page) ?? []));
  return found;
}
