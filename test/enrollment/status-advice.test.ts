import { DeviceFolder } from '../../lib/devices/device-folder';
import { clientsOfIotCoreLocal } from '../../lib/enrollment/aws-clients';
import type { DeviceStatus } from '../../lib/enrollment/device-status';
import { adviceOn, adviceOnLeftover, adviceOnMarked } from '../../lib/enrollment/status-advice';
import { useIotCore } from '../support/use-iot-core';

const fixture = useIotCore({ apiPort: 0 });

function device(thingName: string, status: string, isDeactivatedByTeardown = false): DeviceStatus {
  const certificates = [{ certificateId: `of-${thingName}`, status, isDeactivatedByTeardown, policies: [] }];
  return { thingName, clientId: thingName, isDeployed: true, certificates, isConnected: false, subscriptions: [] };
}

test('Devices with an ACTIVE certificate, and devices without an answer, need no advice', () => {
  const failed = { thingName: 'car2', clientId: 'car2', failure: 'No answer.' };
  const replaced = {
    ...device('car3', 'INACTIVE'),
    certificates: [...device('car3', 'INACTIVE').certificates, ...device('car3', 'ACTIVE').certificates],
  };
  expect(adviceOn([device('car1', 'ACTIVE'), failed, replaced], 'aws')).toEqual([]);
});

test('After a destroy that was not finished the advice names the command that arms the fleet again', () => {
  const statuses = Array.from({ length: 7 }, (_, index) => device(`car${index + 1}`, 'INACTIVE', true));
  expect(adviceOn(statuses, 'aws')).toEqual([
    'A destroy that was not finished deactivated car1, car2, car3, car4, car5 and 2 others. To finish it: npx cdk destroy --all. To keep the fleet: npx cdk deploy --all, which activates the certificates again.',
  ]);
});

test.each([
  ['INACTIVE', /^Somebody deactivated the certificate of "car1", .* --new-status ACTIVE --certificate-id of-car1$/],
  ['REVOKED', /^The certificate of "car1" is REVOKED for good\. docs\/maintenance\.md/],
  ['PENDING_ACTIVATION', /^The certificate of-car1 of "car1" is PENDING_ACTIVATION, so it cannot connect\.$/],
])('A certificate that is %s has advice of its own', (status, advice) => {
  expect(adviceOn([device('car1', status)], 'aws')).toEqual([expect.stringMatching(advice)]);
});

test('Devices that are not deployed are named, with the command that deploys them', () => {
  const missing = ['car1', 'car2'].map((name) => ({ ...device(name, ''), isDeployed: false, certificates: [] }));
  expect(adviceOn([...missing, device('car3', 'ACTIVE')], 'aws')).toEqual([
    'Not deployed here: car1, car2. To deploy the fleet: npx cdk deploy --all. If it is in another Region or account, name it: AWS_REGION=…, AWS_PROFILE=…',
  ]);
  expect(adviceOn(missing, 'local')).toEqual([
    'IoT Core Local does not have car1, car2. npm run local serves the fleet of cdk.json, or another with --fleet.',
  ]);
});

test('A thing without a certificate has advice of its own', () => {
  expect(adviceOn([{ ...device('car1', ''), certificates: [] }], 'aws')).toEqual([
    expect.stringMatching(/^"car1" has no certificate: .* docs\/maintenance\.md says how/),
  ]);
});

test('The advice on a leftover folder says whether its thing exists', async () => {
  const { iot } = clientsOfIotCoreLocal(fixture.iotCore.apiUrl!);
  fixture.registry.createThing('car9');
  expect(await adviceOnLeftover(new DeviceFolder('/d', 'account', 'car9'), iot)).toMatch(
    /^"car9" is not in the fleet of cdk\.json, but the thing exists\. npx cdk deploy --all removes it/,
  );
  expect(await adviceOnLeftover(new DeviceFolder('/d', 'account', 'car8'), iot)).toMatch(
    /^\/d\/account\/car8 is of no device: "car8" is neither in the fleet of cdk\.json nor deployed\./,
  );
});

const [ours, theirs] = ['0123456789abcdef', 'fedcba9876543210'];

function marked(checkoutId: string, ...thingNames: string[]) {
  return thingNames.map((thingName) => ({ thingName, checkoutId }));
}

test('Things of no device are told apart by the checkout that deployed them, each with the next step', () => {
  const things = [...marked(ours, 'car8'), ...marked(theirs, 'bus1', 'bus2', 'bus3', 'bus4', 'bus5', 'bus6')];
  expect(adviceOnMarked({ things, count: 7, isComplete: true }, 'aws', ours)).toEqual([
    'Deployed from this checkout, and not in the fleet of cdk.json: car8. npx cdk deploy --all removes those that a stack of this fleet has. If one stays, a destroy left it: docs/aws.md says how to delete it.',
    'Deployed from another checkout (fedcba9876543210): bus1, bus2, bus3, bus4, bus5 and 1 other. Change or destroy that fleet from there; docs/maintenance.md says how to take it over. If no stack has one of them, a destroy left it: docs/aws.md says how to delete it.',
  ]);
});

test('A checkout that has deployed nothing yet is told that things are another’s', () => {
  const found = { things: marked(ours, 'car8'), count: 1, isComplete: true };
  expect(adviceOnMarked(found, 'account', undefined)).toEqual([
    expect.stringMatching(/^Deployed from another checkout/),
  ]);
});

test('The things of another fleet on IoT Core Local are told to be what it serves', () => {
  const found = { things: marked(ours, 'bus1'), count: 1, isComplete: true };
  expect(adviceOnMarked(found, 'local', ours)).toEqual([
    'IoT Core Local serves another fleet, which has bus1. If it is the one that you mean, name its file with --fleet.',
  ]);
});

test('Things that are not named, further checkouts, and a list without its end are told', () => {
  const things = Array.from({ length: 7 }, (_, index) => marked(`${index}`.repeat(16), `bus${index}`)[0]);
  expect(adviceOnMarked({ things, count: 9, isComplete: false }, 'aws', ours).slice(5)).toEqual([
    '2 further checkouts have deployed things here. --json names them.',
    '2 further things of other fleets are not named.',
    'AWS was still listing things of other fleets after half a minute: there may be more.',
  ]);
  expect(adviceOnMarked({ things: [], count: 0, isComplete: true }, 'aws', ours)).toEqual([]);
});
