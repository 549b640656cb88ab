import { iotArn, type Location, type ResourceKind } from '../registry/arns';
import type { Access } from './access';
import { type Call, fieldsOf, flag, principalOf, text } from './operation';

// What the operations of AWS IoT are authorized on: https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsiot.html

/** For an operation that no resource narrows. */
export function onAll(): Access[] {
  return [{ resource: '*' }];
}

type On<Label extends string> = (call: Call<Label>, location: Location) => Access[];

function on<Label extends string>(kind: ResourceKind, label: Label): On<Label> {
  return ({ path }, location) => [{ resource: iotArn(location, kind, path[label]) }];
}

export const onCertificate = on('cert', 'certificateId');
export const onClient = on('client', 'clientId');
export const onPolicy = on('policy', 'policyName');
export const onThing = on('thing', 'thingName');
export const onTopic = on('topic', 'topic');

/** A retained message needs a second right. https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-actions.html */
export function onPublished(call: Call<'topic', 'retain'>, location: Location): Access[] {
  const [published] = onTopic(call, location);
  return flag(call.query.retain, 'retain') ? [published, { ...published, action: 'iot:RetainPublish' }] : [published];
}

/** What a policy is attached to: a certificate, a thing group, or a Cognito identity, which is a bare id and no ARN. */
export function onTarget(call: Call<never>): Access[] {
  return [{ resource: text(fieldsOf(call, 'target').target, 'target') }];
}

/** What a thing is attached to: a certificate, or a Cognito identity. */
export function onPrincipal(call: Call<never>): Access[] {
  return [{ resource: principalOf(call) }];
}

/** {@link onPrincipal} for a call about one thing, whose ARN a condition can ask about. */
export function onPrincipalOfThing(call: Call<'thingName'>, location: Location): Access[] {
  return [{ resource: principalOf(call), keys: { 'iot:thingArn': iotArn(location, 'thing', call.path.thingName) } }];
}
