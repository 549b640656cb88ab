import { DeviceFolder } from '../../lib/devices/device-folder';
import { clientsOfIotCoreLocal } from '../../lib/enrolment/aws-clients';
import type { DeviceStatus } from '../../lib/enrolment/device-status';
import { adviceOn, adviceOnLeftover } from '../../lib/enrolment/status-advice';
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
  expect(adviceOn([device('car1', 'ACTIVE'), failed, replaced])).toEqual([]);
});

test('After a destroy that was not finished the advice names the command that arms the fleet again', () => {
  const statuses = Array.from({ length: 7 }, (_, index) => device(`car${index + 1}`, 'INACTIVE', true));
  expect(adviceOn(statuses)).toEqual([
    'A destroy that was not finished deactivated car1, car2, car3, car4, car5 and 2 others. To finish it: npx cdk destroy --all. To keep the fleet: npx cdk deploy --all, which activates the certificates again.',
  ]);
});

test.each([
  ['INACTIVE', /^Somebody deactivated the certificate of "car1", .* --new-status ACTIVE --certificate-id of-car1$/],
  ['REVOKED', /^The certificate of "car1" is REVOKED for good\. docs\/maintenance\.md/],
  ['PENDING_ACTIVATION', /^The certificate of-car1 of "car1" is PENDING_ACTIVATION, so it cannot connect\.$/],
])('A certificate that is %s has advice of its own', (status, advice) => {
  expect(adviceOn([device('car1', status)])).toEqual([expect.stringMatching(advice)]);
});

test('A leftover folder is told to be of a thing that exists, or of none', async () => {
  const { iot } = clientsOfIotCoreLocal(fixture.iotCore.apiUrl!);
  fixture.registry.createThing('car9');
  expect(await adviceOnLeftover(new DeviceFolder('/d', 'local', 'car9'), iot)).toMatch(
    /^"car9" is not in the fleet of cdk\.json, but the thing exists\. npx cdk deploy --all removes it/,
  );
  expect(await adviceOnLeftover(new DeviceFolder('/d', 'local', 'car8'), iot)).toMatch(
    /^\/d\/local\/car8 is of no device: "car8" is neither in the fleet of cdk\.json nor deployed\./,
  );
});
