import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  ignoredIotTypes,
  refusedTypes,
  servedTypes,
} from '../../lib/iot-core-local/cloudformation/resource-types/resource-types';
import { conditionFunctions } from '../../lib/iot-core-local/cloudformation/template/condition-functions';
import { functions } from '../../lib/iot-core-local/cloudformation/template/functions';
import { operatorNames } from '../../lib/iot-core-local/registry/condition-operators';
import { alternativeNames, nameAttributes, policyKeys } from '../../lib/iot-core-local/registry/policy-keys';

const text = readFileSync(join(__dirname, '../../docs/templates.md'), 'utf8');

/** The cells of the rows of the table with this head. */
function rowsOf(head: string): string[][] {
  const table = text.split('\n\n').find((part) => part.startsWith(`| ${head} |`));
  const rows = table?.trim().split('\n').slice(2) ?? [];
  return rows.map((row) =>
    row
      .split(/(?<!\\)\|/)
      .map((cell) => cell.trim())
      .slice(1, -1),
  );
}

const codeIn = (cell: string) => Array.from(cell.matchAll(/`([^`]+)`/g), ([, code]) => code);
const types = rowsOf('Type').map(([type, fate]) => [codeIn(type)[0], fate]);

test('The page docs/templates.md lists the types that are served, and no other', () => {
  const served = types.filter(([type, fate]) => fate.startsWith('served') || type === 'AWS::IoT::DomainConfiguration');
  expect(served.map(([type]) => type).sort()).toEqual(Object.keys(servedTypes).sort());
});

test('The page docs/templates.md lists the types of AWS IoT that are ignored, and no other', () => {
  const ignored = types.filter(([, fate]) => fate === 'ignored').map(([type]) => type);
  expect(ignored).toEqual(ignoredIotTypes);
});

test('The page docs/templates.md lists the types that are refused, with the reasons, and no other', () => {
  const refused = types.filter(([, fate]) => fate.startsWith('refused: '));
  const reasons = refused.map(([type, fate]) => [type, fate.replace('refused: ', '')]);
  expect(Object.fromEntries(reasons)).toEqual(refusedTypes);
});

test('The page docs/templates.md lists the functions that are evaluated, and no other', () => {
  const rows = rowsOf('Function').map(([name, where]) => [codeIn(name)[0], where] as const);
  const inValues = rows.filter(([, where]) => where.startsWith('in values')).map(([name]) => name);
  const inConditions = rows.filter(([, where]) => where.startsWith('in conditions')).map(([name]) => name);
  expect(inValues.sort()).toEqual(Object.keys(functions).sort());
  expect(inConditions.sort()).toEqual(Object.keys(conditionFunctions).sort());
});

test('The page docs/templates.md lists the condition operators that are known, and no other', () => {
  const named = rowsOf('Condition operator').flatMap((cells) => cells.flatMap(codeIn));
  expect(named.sort()).toEqual([...operatorNames].sort());
});

test('The page docs/templates.md lists the condition keys that are known, and no other', () => {
  const rows = rowsOf('Condition key or policy variable');
  const expanded = rows.flatMap(([key, value]) => {
    const names = codeIn(key);
    const after = value.split(';')[0].split(', ');
    return names.flatMap((name) => (name.endsWith('.…') ? after.map((last) => name.replace('…', last)) : [name]));
  });
  const attribute = 'iot:Connection.Thing.Attributes[…]';
  expect(expanded.filter((name) => name !== attribute).sort()).toEqual([...policyKeys].sort());
  expect(expanded).toContain(attribute);
  expect(Object.keys(nameAttributes).length * 2 + Object.keys(alternativeNames).length * 2).toBe(
    policyKeys.filter((key) => /^iot:Certificate\.(Subject|Issuer)\./.test(key)).length,
  );
});
