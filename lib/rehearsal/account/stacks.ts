import {
  paginateDescribeStackEvents,
  paginateListStackResources,
  type StackEvent,
} from '@aws-sdk/client-cloudformation';
import type { RehearsalAccount } from './rehearsal-account';

/** A stack's status, or undefined if there is no such stack. @throws Error of the AWS SDK */
export async function stackStatus(
  { cloudFormation }: RehearsalAccount,
  StackName: string,
): Promise<string | undefined> {
  try {
    const { Stacks = [] } = await cloudFormation.describeStacks({ StackName });
    return Stacks[0]?.StackStatus;
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}

/** A resource that a stack owns. */
export interface DeployedResource {
  readonly type: string;
  readonly physicalId: string;
}

/** The resources that a stack owns, by logical id. @throws Error of the AWS SDK */
export async function resourcesOf(
  { cloudFormation: client }: RehearsalAccount,
  StackName: string,
): Promise<Map<string, DeployedResource>> {
  const resources = new Map<string, DeployedResource>();
  for await (const { StackResourceSummaries = [] } of paginateListStackResources({ client }, { StackName })) {
    for (const { LogicalResourceId = '', PhysicalResourceId = '', ResourceType: type = '' } of StackResourceSummaries) {
      resources.set(LogicalResourceId, { type, physicalId: PhysicalResourceId });
    }
  }
  return resources;
}

/** The id of a stack's latest event. @throws Error of the AWS SDK */
export async function latestEvent(account: RehearsalAccount, stackName: string): Promise<string | undefined> {
  for await (const { EventId } of eventsOf(account, stackName)) return EventId;
  return undefined;
}

/** The logical ids of the resources to which something has happened since an event. @throws Error of the AWS SDK */
export async function touchedSince(
  account: RehearsalAccount,
  stackName: string,
  eventId: string | undefined,
): Promise<Set<string>> {
  const touched = new Set<string>();
  for await (const { EventId, LogicalResourceId = '', ResourceType } of eventsOf(account, stackName)) {
    if (EventId === eventId) break;
    if (ResourceType !== 'AWS::CloudFormation::Stack') touched.add(LogicalResourceId);
  }
  return touched;
}

/** A stack's events, the newest first. */
async function* eventsOf({ cloudFormation: client }: RehearsalAccount, StackName: string): AsyncGenerator<StackEvent> {
  for await (const { StackEvents = [] } of paginateDescribeStackEvents({ client }, { StackName })) yield* StackEvents;
}
