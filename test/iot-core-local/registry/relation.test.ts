import { Relation } from '../../../lib/iot-core-local/registry/relation';

function demo(): Relation<number> {
  const relation = new Relation<number>();
  relation.add('policy1', 'cert1', 1);
  relation.add('policy1', 'cert2', 2);
  relation.add('policy2', 'cert1', 3);
  return relation;
}

test('A relation reads the same from either side', () => {
  const relation = demo();
  expect([...relation.rightOf('policy1')]).toEqual([
    ['cert1', 1],
    ['cert2', 2],
  ]);
  expect([...relation.leftOf('cert1')]).toEqual([
    ['policy1', 1],
    ['policy2', 3],
  ]);
});

test('A pair that is added again has the new value and is still one pair', () => {
  const relation = demo();
  relation.add('policy1', 'cert1', 9);
  expect([...relation.rightOf('policy1')]).toEqual([
    ['cert1', 9],
    ['cert2', 2],
  ]);
  expect([...relation.leftOf('cert1')]).toEqual([
    ['policy1', 9],
    ['policy2', 3],
  ]);
});

test('A deleted pair is gone from both sides, and no other pair is', () => {
  const relation = demo();
  expect(relation.delete('policy1', 'cert1')).toBe(true);
  expect([...relation.rightOf('policy1').keys()]).toEqual(['cert2']);
  expect([...relation.leftOf('cert1').keys()]).toEqual(['policy2']);
});

test.each([
  ['policy2', 'cert2'],
  ['policy9', 'cert1'],
  ['policy1', 'cert9'],
  ['cert1', 'policy1'],
])('Deleting %s and %s, which are not related, answers false and changes nothing', (left, right) => {
  const relation = demo();
  expect(relation.delete(left, right)).toBe(false);
  expect([...relation.rightOf('policy1').keys()]).toEqual(['cert1', 'cert2']);
  expect([...relation.leftOf('cert1').keys()]).toEqual(['policy1', 'policy2']);
});

test('An unknown name is related to nothing', () => {
  expect(demo().rightOf('policy9').size).toBe(0);
  expect(demo().leftOf('policy1').size).toBe(0);
});
