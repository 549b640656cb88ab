import { partsOf } from '../../lib/fleet/fleet-parts';
import { addStacks } from '../../lib/stacks/fleet-stacks';
import { demoContext, fleetWith } from '../support/demo-fleet';
import { newApp } from '../support/new-app';
import { checkoutId, requestsOf } from '../support/synthesized-app';

// What a deployment changes, for the changes of docs/maintenance.md. CloudFormation changes what differs between two templates.

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

function resourcesOf(changes: Record<string, unknown>, csrs: Record<string, string> = {}): Record<string, Resource> {
  const fleet = fleetWith(changes);
  const requests = new Map([...requestsOf(fleet), ...Object.entries(csrs)]);
  const app = newApp();
  addStacks(app, { parts: partsOf(fleet), csrs: requests, checkoutId });
  return Object.assign({}, ...app.synth().stacks.map(({ template }) => template.Resources));
}

const before = resourcesOf({});

/** The resources of devices that a deployment adds, removes and changes; a changed one with the names of its changed properties. */
function deploying(changes: Record<string, unknown>, csrs?: Record<string, string>) {
  const after = resourcesOf(changes, csrs);
  const devices = (resources: Record<string, Resource>) =>
    Object.keys(resources).filter((id) => resources[id].Type.startsWith('AWS::IoT::'));
  const named = (ids: string[]) => ids.map((id) => id.slice(0, -8)).sort();
  return {
    added: named(devices(after).filter((id) => !(id in before))),
    removed: named(devices(before).filter((id) => !(id in after))),
    changed: Object.fromEntries(
      devices(after)
        .filter((id) => id in before)
        .map((id) => [id.slice(0, -8), changedProperties(before[id], after[id])] as const)
        .filter(([, properties]) => properties.length > 0),
    ),
  };
}

function changedProperties(one: Resource, other: Resource): string[] {
  return Object.keys({ ...one.Properties, ...other.Properties }).filter(
    (name) => JSON.stringify(one.Properties[name]) !== JSON.stringify(other.Properties[name]),
  );
}

const parts = ['Certificate', 'Policy', 'PolicyAttachment', 'Thing', 'ThingAttachment'];
const allOf = (thingName: string) => parts.map((part) => `${thingName}${part}`);

test('Deploying an unchanged fleet changes no device', () => {
  expect(deploying({})).toEqual({ added: [], removed: [], changed: {} });
});

test('Adding a device changes no other device', () => {
  expect(deploying({ cars: ['car1', 'car2', 'car3'] })).toEqual({ added: allOf('car3'), removed: [], changed: {} });
});

test('Removing a device changes no other device', () => {
  expect(deploying({ cars: ['car1'] })).toEqual({ added: [], removed: allOf('car2'), changed: {} });
});

test('Renaming a device removes it and adds another', () => {
  expect(deploying({ cars: ['car1', 'van2'] })).toEqual({ added: allOf('van2'), removed: allOf('car2'), changed: {} });
});

test('Moving a device to another group changes the document of its policy and nothing else', () => {
  const groups = { group2: ['subscriber2A'], group3: ['subscriber2B'] };
  expect(deploying({ groups })).toEqual({
    added: [],
    removed: [],
    changed: { subscriber2BPolicy: ['PolicyDocument'] },
  });
});

test('Making a car a consumer changes the document of its policy and nothing else', () => {
  expect(deploying({ cars: ['car1'], consumers: ['consumer3', 'car2'] })).toEqual({
    added: [],
    removed: [],
    changed: { car2Policy: ['PolicyDocument'] },
  });
});

test('Changing the topic changes the document of each device’s policy and nothing else', () => {
  const names = [...demoContext.cars, ...demoContext.groups.group2, ...demoContext.consumers];
  expect(deploying({ topic: 'trucks/data' })).toEqual({
    added: [],
    removed: [],
    changed: Object.fromEntries(names.map((name) => [`${name}Policy`, ['PolicyDocument']])),
  });
});

test('A new request for one device changes the request of its certificate and nothing else', () => {
  expect(deploying({}, { car1: 'another request' })).toEqual({
    added: [],
    removed: [],
    changed: { car1Certificate: ['CertificateSigningRequest'] },
  });
});
