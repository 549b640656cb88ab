import { Template } from 'aws-cdk-lib/assertions';
import type { Fleet } from '../../lib/fleet/fleet';
import { FleetStack } from '../../lib/stacks/fleet-stack';
import { demoContext, fleetWith } from '../support/demo-fleet';
import { newApp } from '../support/new-app';
import { checkoutId } from '../support/synthesized-app';

/** A text as long as a request for a P-256 key, whose signature varies by a byte or two. */
const request = (thingName: string) => `the certificate request of ${thingName} `.padEnd(410, '.');

function synthesize(fleet: Fleet): Template {
  const csrs = new Map(fleet.devices.map(({ thingName }) => [thingName, request(thingName)]));
  return Template.fromStack(new FleetStack(newApp(), 'Fleet', { fleet, csrs, checkoutId }));
}

describe('the stack of the demo’s fleet', () => {
  const fleet = fleetWith();
  const template = synthesize(fleet);

  test('The fleet’s template is the reviewed one', () => {
    expect(template.toJSON()).toMatchSnapshot();
  });

  test('The fleet’s stack has five resources for each device, and the teardown’s role', () => {
    for (const type of ['Thing', 'Certificate', 'Policy', 'PolicyPrincipalAttachment', 'ThingPrincipalAttachment']) {
      template.resourceCountIs(`AWS::IoT::${type}`, 5);
    }
    template.resourceCountIs('AWS::IAM::Role', 1);
    expect(Object.keys(template.toJSON().Resources)).toHaveLength(26);
  });

  test('The fleet’s template has no parameter but the checkout’s, no conditions and no rules, so that it deploys into an account that was never bootstrapped', () => {
    expect(Object.keys(template.toJSON()).sort()).toEqual(['Description', 'Outputs', 'Parameters', 'Resources']);
  });

  test.each(fleet.devices.map(({ thingName }) => thingName))(
    'The resources of %s refer to each other by Ref and GetAtt',
    (name) => {
      const thing = idOf('AWS::IoT::Thing', { ThingName: name });
      const policy = idOf('AWS::IoT::Policy', { PolicyName: name });
      const csr = request(name);
      const certificate = idOf('AWS::IoT::Certificate', { CertificateSigningRequest: csr, Status: 'ACTIVE' });
      const Principal = { 'Fn::GetAtt': [certificate, 'Arn'] };
      idOf('AWS::IoT::PolicyPrincipalAttachment', { PolicyName: { Ref: policy }, Principal });
      idOf('AWS::IoT::ThingPrincipalAttachment', { ThingName: { Ref: thing }, Principal });
      expect(template.toJSON().Resources[certificate].DependsOn.sort()).toEqual([policy, thing].sort());
    },
  );

  test('The outputs are the topic and each device’s certificate, with descriptions', () => {
    const { Outputs } = template.toJSON();
    const outputs = Object.values<{ Description?: string; Value: unknown }>(Outputs).filter(
      ({ Description }) => Description,
    );
    expect(outputs.map(({ Description }) => Description)).toEqual([
      'The checkout that holds the keys of the fleet',
      'The topic that the cars publish to',
      ...fleet.devices.map(({ thingName }) => `The certificate of ${thingName}`),
    ]);
    expect(outputs[1]!.Value).toBe('cars/data');
    expect(outputs[2]!.Value).toEqual({ Ref: expect.stringMatching(/^car1Certificate/) });
  });

  /** The logical id of the one resource with exactly these properties, a policy's document aside. */
  function idOf(type: string, properties: Record<string, unknown>): string {
    const ids = Object.keys(template.findResources(type, { Properties: properties }));
    expect(ids).toHaveLength(1);
    return ids[0]!;
  }
});

describe('a change of the fleet', () => {
  const devicesOf = (template: ReturnType<Template['toJSON']>) =>
    Object.fromEntries(
      Object.entries<{ Type: string }>(template.Resources).filter(([, { Type }]) => Type.startsWith('AWS::IoT::')),
    );
  const before = synthesize(fleetWith()).toJSON();

  test.each([
    ['a car', { cars: ['car3', 'car1', 'car2'] }, 5],
    ['a group', { groups: { group1: ['subscriber1A', 'subscriber1B'], ...demoContext.groups } }, 10],
  ])('Adding %s changes no other device', (_, changes, added) => {
    const after = synthesize(fleetWith(changes)).toJSON();
    expect(devicesOf(after)).toMatchObject(devicesOf(before));
    expect(Object.keys(devicesOf(after))).toHaveLength(25 + added);
    expect(after.Outputs).toMatchObject(before.Outputs);
  });
});

test('Device names that the CDK itself uses make a valid stack', () => {
  const names = [
    'Default',
    'Resource',
    'Fleet',
    'Topic',
    'FleetTopic',
    'FleetCheckout',
    'FleetCheckoutId',
    'Outputs',
    'CDKMetadata',
    'a-b',
    'ab',
    'a_b',
  ];
  const { Resources, Outputs } = synthesize(fleetWith({ cars: names, groups: {}, consumers: [] })).toJSON();
  expect(Object.keys(Resources)).toHaveLength(5 * names.length + 1);
  expect(Object.keys(Outputs)).toHaveLength(2 + names.length + 2);
});

test('A fleet of ten cars and two groups is within the 50 KiB that deploy without a bucket', () => {
  const cars = Array.from({ length: 10 }, (_, index) => `car${index + 1}`);
  const groups = { group1: ['subscriber1A', 'subscriber1B'], ...demoContext.groups };
  const template = synthesize(fleetWith({ cars, groups })).toJSON();
  // Indented, as the CDK writes it to disk; the CLI sends it as YAML, which is shorter.
  expect(Buffer.byteLength(JSON.stringify(template, undefined, 1))).toBeLessThan(50 * 1024);
});

test('A device without a certificate request is refused', () => {
  const stack = () => new FleetStack(newApp(), 'Fleet', { fleet: fleetWith(), csrs: new Map(), checkoutId });
  expect(stack).toThrow('Every device needs a certificate request; "car1" has none.');
});
