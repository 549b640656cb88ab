// biome-ignore-all lint/suspicious/noTemplateCurlyInString: CloudFormation's variables are written so
import { defaultLocation } from '../../lib/iot-core-local/registry/arns';
import type { TemplateFile } from '../../lib/targets/template-files';
import { locationOf, type WantedLocation } from '../../lib/targets/template-location';

const file = (template: unknown, environment?: TemplateFile['environment']): TemplateFile => ({
  file: 'a',
  stackName: 'a',
  template,
  environment,
});
const ireland = file({ a: ['arn:aws:iot:eu-west-1:111122223333:cert/'] });
const defaults = defaultLocation;
const noWarning = (message: string) => {
  throw new Error(message);
};

test.each<[when: string, wanted: WantedLocation, templates: TemplateFile[], expected: object]>([
  ['nothing says otherwise', {}, [file({})], defaults],
  ['an ARN has variables', {}, [file({ a: 'arn:aws:iot:${AWS::Region}:${AWS::AccountId}:thing/x' })], defaults],
  ['an ARN is of another service', {}, [file({ a: 'arn:aws:sns:eu-west-1:111122223333:x' })], defaults],
  ['a template writes an ARN out', {}, [ireland], { ...defaults, region: 'eu-west-1', accountId: '111122223333' }],
  [
    'an ARN writes out its Region alone',
    {},
    [file({ a: 'arn:${AWS::Partition}:iot:eu-west-1:${AWS::AccountId}:thing/x' })],
    { ...defaults, region: 'eu-west-1' },
  ],
  [
    'the beginning of an ARN writes out its Region',
    {},
    [file({ 'Fn::Join': ['', ['arn:aws:iot:eu-west-1:', { Ref: 'AWS::AccountId' }, ':thing/x']] })],
    { ...defaults, region: 'eu-west-1' },
  ],
  [
    'an ARN writes out its account alone',
    {},
    [file({ a: ['arn:aws:iot:${AWS::Region}:111122223333:thing/x', 'arn:aws:iot:*:111122223333:thing/y'] })],
    { ...defaults, accountId: '111122223333' },
  ],
  [
    'the manifest says it',
    {},
    [file(ireland.template, { accountId: '444455556666', region: 'cn-north-1' })],
    { partition: 'aws-cn', urlSuffix: 'amazonaws.com.cn', region: 'cn-north-1', accountId: '444455556666' },
  ],
  [
    'a person says it',
    { account: '444455556666', region: 'us-gov-west-1' },
    [ireland],
    { ...defaults, partition: 'aws-us-gov', region: 'us-gov-west-1', accountId: '444455556666' },
  ],
  [
    'the manifest knows the account alone',
    {},
    [file(ireland.template, { accountId: '444455556666' })],
    { ...defaults, region: 'eu-west-1', accountId: '444455556666' },
  ],
  [
    'the manifest knows the Region alone',
    {},
    [file(ireland.template, { region: 'eusc-de-east-1' })],
    { partition: 'aws-eusc', urlSuffix: 'amazonaws.eu', region: 'eusc-de-east-1', accountId: '111122223333' },
  ],
  [
    'the manifest knows neither',
    {},
    [file(ireland.template, {})],
    { ...defaults, region: 'eu-west-1', accountId: '111122223333' },
  ],
  [
    'a person says one part of it',
    { region: 'us-west-2' },
    [ireland],
    { ...defaults, region: 'us-west-2', accountId: '111122223333' },
  ],
])('The location of templates is found when %s', (_, wanted, templates, expected) => {
  expect(locationOf(wanted, templates, noWarning)).toEqual(expected);
});

test('A person is warned of a Region whose partition is not known, and of what is assumed', () => {
  const warnings: string[] = [];
  const location = locationOf({ region: 'mars-north-1' }, [], (message) => warnings.push(message));
  expect(location).toEqual({ ...defaults, region: 'mars-north-1' });
  expect(warnings).toEqual(['The partition of the Region mars-north-1 is not known. Its ARNs begin with "arn:aws:".']);
});

test.each<[what: string, wanted: WantedLocation, templates: TemplateFile[], message: string]>([
  ['a wrong account', { account: '1' }, [], '--account has 12 digits; "1" does not.'],
  ['a wrong Region', { region: 'mars' }, [], '--region is a Region such as us-east-1, not "mars".'],
  [
    'two accounts',
    {},
    [ireland, file('arn:aws:iot:eu-west-1:444455556666:thing/x')],
    'several accounts: 111122223333, 444455556666. Say which one with --account.',
  ],
  [
    'two Regions',
    { account: '111122223333' },
    [ireland, file('arn:aws:iot:us-west-2:111122223333:thing/x')],
    'several Regions: eu-west-1, us-west-2. Say which one with --region.',
  ],
])('The location of templates with %s is refused', (_, wanted, templates, message) => {
  expect(() => locationOf(wanted, templates, noWarning)).toThrow(message);
});
