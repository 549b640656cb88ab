import { wildcard } from './wildcard';

/** The actions that IoT Core Local checks: what a client of the message broker does. */
export type IotAction = 'iot:Connect' | 'iot:Publish' | 'iot:RetainPublish' | 'iot:Subscribe' | 'iot:Receive';

/** The kind of resource of each action. https://docs.aws.amazon.com/iot/latest/developerguide/iot-action-resources.html */
export const resourceKinds = {
  'iot:Connect': 'client',
  'iot:Publish': 'topic',
  'iot:RetainPublish': 'topic',
  'iot:Subscribe': 'topicfilter',
  'iot:Receive': 'topic',
} as const satisfies Record<IotAction, string>;

/** Every action of an AWS IoT policy. https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-actions.html */
export const policyActions: readonly string[] = [
  ...Object.keys(resourceKinds),
  'iot:GetRetainedMessage',
  'iot:ListRetainedMessages',
  'iot:DeleteThingShadow',
  'iot:GetThingShadow',
  'iot:ListNamedShadowsForThing',
  'iot:UpdateThingShadow',
  'iot:DescribeJobExecution',
  'iot:GetPendingJobExecutions',
  'iot:StartNextPendingJobExecution',
  'iot:UpdateJobExecution',
  'iot:AssumeRoleWithCertificate',
];

/** Whether a pattern of a statement's Action names at least one action of an AWS IoT policy. */
export function isPolicyAction(pattern: string): boolean {
  const matches = wildcard(pattern.toLowerCase());
  return policyActions.some((action) => matches(action.toLowerCase()));
}
