import { isPolicyKey, policyKeys } from '../../../lib/iot-core-local/registry/policy-keys';
import { contextOf, thing } from '../../support/policy-context';

test.each(policyKeys)('The key %s that AWS documents has a value, or a reason for having none', (key) => {
  for (const name of [key, key.toLowerCase(), key.toUpperCase()]) {
    expect(isPolicyKey(name)).toBe(true);
    const { values, absence } = contextOf().key(name);
    expect(values.length > 0 || absence !== '' || key === 'iot:Certificate.AvailableKeys').toBe(true);
  }
});

test.each([
  ['iot:Connection.Thing.Attributes[a]', true],
  ['iot:Connection.Thing.Attributes[]', false],
  ['iot:Connection.Thing.Attributes', false],
  ['iot:Certificate.Subject.Country.List', true],
  ['iot:Certificate.Subject.Country.12', true],
  ['iot:Certificate.Subject.Country.x', false],
  ['iot:Certificate.Issuer.AlternativeName.DNSName.1', true],
  ['iot:Certificate.SerialNumber.List', false],
  ['iot:ClientId.List', false],
  ['iot:Thing.ThingName', false],
  ['constructor', false],
  ['', false],
])('The key %j is known: %s', (key, expected) => {
  expect(isPolicyKey(key)).toBe(expected);
});

test('IsAttached is "true" or "false", and never absent', () => {
  const key = 'iot:Connection.Thing.IsAttached';
  expect(contextOf().key(key).values).toEqual(['false']);
  expect(contextOf({ thing: thing('car1') }).key(key).values).toEqual(['true']);
});

test('An attribute whose name is a key of a thing is not that key', () => {
  const context = contextOf({ thing: thing('car1') });
  expect(context.key('iot:Connection.Thing.Attributes[iot:connection.thing.thingname]').values).toEqual([]);
  expect(context.key('iot:Connection.Thing.Attributes[toString]').values).toEqual([]);
});
