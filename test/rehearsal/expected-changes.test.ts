import { expectedChanges } from '../../lib/rehearsal/expected-changes';

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
