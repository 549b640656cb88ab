import type { Stack } from 'aws-cdk-lib/core';
import type { Device } from '../fleet/fleet';

interface IotPolicyStatement {
  readonly Effect: 'Allow';
  readonly Action: 'iot:Connect' | 'iot:Publish' | 'iot:Subscribe' | 'iot:Receive';
  readonly Resource: readonly string[];
}

/** An AWS IoT policy, as AWS::IoT::Policy takes it. */
export interface IotPolicyDocument {
  readonly Version: '2012-10-17';
  readonly Statement: readonly IotPolicyStatement[];
}

/**
 * What a device may do, and nothing else: connect with its own client id, and either publish to the topic, or subscribe to its one topic
 * filter and receive.
 *
 * The names in a fleet contain no wildcard and no policy variable, so each resource here matches one name only.
 */
export function devicePolicy(device: Device, stack: Stack): IotPolicyDocument {
  const connect = allow('iot:Connect', iotArn(stack, 'client', device.clientId));
  return { Version: '2012-10-17', Statement: [connect, ...messaging(device, stack)] };
}

/** The ARN of a client, topic or topic filter. */
function iotArn(stack: Stack, resource: 'client' | 'topic' | 'topicfilter', resourceName: string): string {
  return stack.formatArn({ service: 'iot', resource, resourceName });
}

function messaging(device: Device, stack: Stack): IotPolicyStatement[] {
  const topic = iotArn(stack, 'topic', device.topic);
  switch (device.role) {
    case 'car':
      return [allow('iot:Publish', topic)];
    case 'member':
      return [
        // A shared subscription's resource is the whole filter: topicfilter/cars/data does not allow $share/group2/cars/data.
        allow('iot:Subscribe', iotArn(stack, 'topicfilter', device.topicFilter)),
        // AWS documents topic/<topic> for iot:Receive. Its samples disagree on whether a shared delivery is checked against that or
        // against the filter. Nothing can be published to a topic that begins with $share, so the second resource adds no right.
        allow('iot:Receive', topic, iotArn(stack, 'topic', device.topicFilter)),
      ];
    case 'consumer':
      return [allow('iot:Subscribe', iotArn(stack, 'topicfilter', device.topicFilter)), allow('iot:Receive', topic)];
  }
}

function allow(action: IotPolicyStatement['Action'], ...resources: string[]): IotPolicyStatement {
  return { Effect: 'Allow', Action: action, Resource: resources };
}
