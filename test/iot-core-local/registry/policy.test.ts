import { Policy } from '../../../lib/iot-core-local/registry/policy';
import { PolicyDocument } from '../../../lib/iot-core-local/registry/policy-document';
import { policyOf } from '../../support/iot-core-fixture';

const document = PolicyDocument.parse(policyOf(['iot:Connect client/car1']));

let policy: Policy;

beforeEach(() => {
  policy = new Policy('policy1', 'arn', document, () => 0);
});

test('A new policy has one version, its default', () => {
  expect([...policy.versions.keys()]).toEqual(['1']);
  expect(policy.defaultVersionId).toBe('1');
});

test('A version’s number is not given again after it is deleted', () => {
  const { versionId } = policy.createVersion(document);
  policy.deleteVersion(versionId);
  expect(policy.createVersion(document).versionId).toBe('3');
});
