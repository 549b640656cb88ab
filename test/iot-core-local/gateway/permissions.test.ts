import { ClientLog } from '../../../lib/iot-core-local/gateway/client-log';
import { Permissions } from '../../../lib/iot-core-local/gateway/permissions';
import { defaultLocation } from '../../../lib/iot-core-local/registry/arns';
import type { Authorizer } from '../../../lib/iot-core-local/registry/authorizer';
import { Registry } from '../../../lib/iot-core-local/registry/registry';

/** Permissions with an authorizer that allows the items of a set and counts its calls. */
function permissionsOf(...initially: string[]) {
  const registry = new Registry(defaultLocation);
  const allowed = new Set(initially);
  const authorize = jest.fn((_principal: unknown, action: string, name: string) => ({
    allowed: allowed.has(`${action} ${name}`),
    reason: 'so it is',
  }));
  const denials: string[] = [];
  const log = new ClientLog(({ message }) => denials.push(message));
  log.identify('car1');
  const permissions = new Permissions(
    { authorize } as unknown as Authorizer,
    registry,
    { certificateArn: 'arn', clientId: 'car1' },
    log,
  );
  return { registry, allowed, authorize, denials, permissions };
}

function attachedTo(thingName: string) {
  return { thingName, type: 'NON_EXCLUSIVE_THING' } as const;
}

test('A decision is made once for each action and resource', () => {
  const { authorize, permissions } = permissionsOf('iot:Publish a');
  for (let round = 0; round < 3; round += 1) {
    expect(permissions.allow('iot:Publish', 'a')).toBe(true);
    expect(permissions.allow('iot:Publish', 'b')).toBe(false);
    expect(permissions.allow('iot:Receive', 'a')).toBe(false);
  }
  expect(authorize).toHaveBeenCalledTimes(3);
});

test('A denial is logged once, with its reason, and an allowance never', () => {
  const { registry, denials, permissions } = permissionsOf('iot:Publish a');
  jest.spyOn(registry, 'listPrincipalThings').mockReturnValue([attachedTo('car1')]);
  for (const topic of ['a', 'b', 'b', 'c', 'b']) permissions.allow('iot:Publish', topic);
  expect(denials).toEqual(['b', 'c'].map((topic) => `"car1" was denied iot:Publish on "${topic}": so it is.`));
});

test.each([
  ['the things', ['car2', 'car3'], 'car2, car3'],
  ['no thing', [], 'no thing'],
])('A denial names %s of a certificate that another client uses', (_, things, named) => {
  const { registry, denials, permissions } = permissionsOf();
  jest.spyOn(registry, 'listPrincipalThings').mockReturnValue(things.map(attachedTo));
  permissions.allow('iot:Connect', 'car1');
  expect(denials).toEqual([`"car1" with the certificate of ${named} was denied iot:Connect on "car1": so it is.`]);
});

test('Decisions are made anew after a change in the registry', () => {
  const { registry, allowed, permissions } = permissionsOf('iot:Publish a');
  expect([permissions.allow('iot:Publish', 'a'), permissions.allow('iot:Publish', 'b')]).toEqual([true, false]);
  allowed.delete('iot:Publish a');
  allowed.add('iot:Publish b');
  expect([permissions.allow('iot:Publish', 'a'), permissions.allow('iot:Publish', 'b')]).toEqual([true, false]);
  registry.createThing('car1');
  expect([permissions.allow('iot:Publish', 'a'), permissions.allow('iot:Publish', 'b')]).toEqual([false, true]);
});

test('The decision that was asked for last, too, is made anew after a change in the registry', () => {
  const { registry, allowed, permissions } = permissionsOf('iot:Publish a');
  const publishing = permissions.of('iot:Publish');
  expect([publishing.allows('a'), publishing.allows('a')]).toEqual([true, true]);
  allowed.delete('iot:Publish a');
  registry.createThing('car1');
  expect([publishing.allows('a'), publishing.allows('a')]).toEqual([false, false]);
});

test('The number of remembered decisions is bounded', () => {
  const { authorize, permissions } = permissionsOf();
  for (let topic = 0; topic <= 1000; topic += 1) permissions.allow('iot:Publish', String(topic));
  permissions.allow('iot:Publish', '0');
  expect(authorize).toHaveBeenCalledTimes(1002);
});
