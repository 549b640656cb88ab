/** The parts of an ARN that all resources of IoT Core Local share. */
export interface Location {
  readonly partition: string;
  /** What the addresses of services end in, the same in all of a partition: `amazonaws.com`. */
  readonly urlSuffix: string;
  readonly region: string;
  readonly accountId: string;
}

/** The default location. The account id is the one of AWS's examples. */
export const defaultLocation: Location = {
  partition: 'aws',
  urlSuffix: 'amazonaws.com',
  region: 'us-east-1',
  accountId: '123456789012',
};

/** Whether a text can be a Region's name, as `us-gov-west-1` is. AWS adds Regions, so there is no list of them. */
export function isRegion(text: string): boolean {
  return /^[a-z]+(-[a-z]+)+-\d$/.test(text);
}

/** The kinds of AWS IoT resource that IoT Core Local names in an ARN. */
export type ResourceKind = 'cert' | 'client' | 'policy' | 'thing' | 'topic' | 'topicfilter';

/** `arn:aws:iot:us-east-1:123456789012:thing/car1` */
export function iotArn(location: Location, kind: ResourceKind, name: string): string {
  return `arn:${location.partition}:iot:${location.region}:${location.accountId}:${kind}/${name}`;
}
