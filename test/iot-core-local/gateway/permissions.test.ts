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
  const permissions = new Permissions(
    { authorize } as unknown as Authorizer,
    registry,
    { certificateArn: 'arn', clientId: 'car1' },
    (action, name, { reason }) => denials.push(`${action} ${name}: ${reason}`),
  );
  return { registry, allowed, authorize, denials, permissions };
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

test('A denial is reported once, and an allowance never', () => {
  const { denials, permissions } = permissionsOf('iot:Publish a');
  for (const topic of ['a', 'b', 'b', 'c', 'b']) permissions.allow('iot:Publish', topic);
  expect(denials).toEqual(['iot:Publish b: so it is', 'iot:Publish c: so it is']);
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
