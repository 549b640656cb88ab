import { expectedChanges, unplannedChanges } from '../../lib/rehearsal/expected-changes';

const device = (csr: string, topic: string, thing = 'car1') => ({
  [`${thing}Thing`]: { Type: 'AWS::IoT::Thing', Properties: { ThingName: thing } },
  [`${thing}Policy`]: { Type: 'AWS::IoT::Policy', Properties: { PolicyDocument: topic } },
  [`${thing}Certificate`]: { Type: 'AWS::IoT::Certificate', Properties: { CertificateSigningRequest: csr } },
  [`${thing}Attachment`]: {
    Type: 'AWS::IoT::PolicyPrincipalAttachment',
    Properties: { Principal: { 'Fn::GetAtt': [`${thing}Certificate`, 'Arn'] } },
  },
});
const role = { Role: { Type: 'AWS::IAM::Role', Properties: { Arns: [{ 'Fn::GetAtt': ['car1Certificate', 'Arn'] }] } } };
const before = { Resources: { ...device('csr', 'topic'), ...role } };
const nothing = { created: [], replaced: [], updated: [], deleted: [] };

test('Between the same templates nothing is expected to change', () => {
  expect(expectedChanges(before, before)).toEqual(nothing);
});

test.each([
  ['Another policy document', { ...device('csr', 'other'), ...role }, { updated: ['car1Policy'] }],
  [
    'Another certificate request',
    { ...device('new', 'topic'), ...role },
    { replaced: ['car1Attachment', 'car1Certificate'], updated: ['Role'] },
  ],
  [
    'A further device',
    { ...device('csr', 'topic'), ...role, ...device('csr', 'topic', 'car2') },
    { created: ['car2Attachment', 'car2Certificate', 'car2Policy', 'car2Thing'] },
  ],
  ['A resource less', device('csr', 'topic'), { deleted: ['Role'] }],
])('%s is expected to change just what follows from it', (_, Resources, changes) => {
  expect(expectedChanges(before, { Resources })).toEqual({ ...nothing, ...changes });
});

describe('changes that nobody asked for', () => {
  const devices = { created: 'a-new', replaced: 'car1', updated: 'car2' };
  const iot = (...ids: string[]) => ({ Resources: Object.fromEntries(ids.map((id) => [id, { Type: 'AWS::IoT::X' }])) });
  const other = { Resources: { Role: { Type: 'AWS::IAM::Role' } } };
  const found = (changes: Partial<typeof nothing>, template: object) =>
    unplannedChanges({ ...nothing, ...changes }, [other, template], devices);

  test.each([
    ['created', 'anewThing12345678'],
    ['replaced', 'car1Certificate12345678'],
    ['replaced', 'car1PolicyAttachment12345678'],
    ['updated', 'car2Policy12345678'],
    ['updated', 'Role'],
  ])('What is %s is planned for %s', (kind, id) => {
    expect(found({ [kind]: [id] }, id === 'Role' ? other : iot(id))).toEqual([]);
  });

  test.each([
    ['created', 'car3Thing12345678'],
    ['replaced', 'car2Certificate12345678'],
    ['replaced', 'car10Certificate12345678'],
    ['updated', 'car1Policy12345678'],
    ['deleted', 'car1Thing12345678'],
  ])('What is %s is not planned for %s', (kind, id) => {
    expect(found({ [kind]: [id] }, iot(id))).toEqual([`${id} ${kind}`]);
  });
});
