import type { Policy } from '../registry/policy';
import { checkTags } from '../registry/tags';
import { onAll, onPolicy, onTarget } from './needed-access';
import { fieldsOf, flag, operation, seconds, text } from './operation';
import { pageByMarker } from './pages';

/** https://docs.aws.amazon.com/iot/latest/apireference/API_Operations_AWS_IoT.html */
export const policyOperations = {
  CreatePolicy: operation('POST /policies/{policyName}', onPolicy, ({ path, body }, { registry }) => {
    const { policyDocument, tags } = fieldsOf({ body }, 'policyDocument', 'tags');
    const document = text(policyDocument, 'policyDocument');
    checkTags(tags);
    const policy = registry.createPolicy(path.policyName, document);
    return { ...summaryOf(policy), policyDocument: document, policyVersionId: policy.defaultVersionId };
  }),

  GetPolicy: operation('GET /policies/{policyName}', onPolicy, ({ path }, { registry }) => {
    const policy = registry.getPolicy(path.policyName);
    const { versionId: defaultVersionId, document } = policy.defaultVersion;
    return { ...summaryOf(policy), defaultVersionId, policyDocument: document.text };
  }),

  ListPolicies: operation('GET /policies?pageSize&marker', onAll, ({ query }, { registry, faults }) =>
    pageByMarker('policies', registry.listPolicies().map(summaryOf), query, faults),
  ),

  DeletePolicy: operation('DELETE /policies/{policyName}', onPolicy, ({ path }, { registry }) =>
    registry.deletePolicy(path.policyName),
  ),

  CreatePolicyVersion: operation(
    'POST /policies/{policyName}/version?setAsDefault',
    onPolicy,
    ({ path, query, body }, { registry }) => {
      const document = text(fieldsOf({ body }, 'policyDocument').policyDocument, 'policyDocument');
      const isDefaultVersion = flag(query.setAsDefault, 'setAsDefault');
      const version = registry.createPolicyVersion(path.policyName, document, { setAsDefault: isDefaultVersion });
      const { policyArn } = registry.getPolicy(path.policyName);
      return { policyArn, policyDocument: document, policyVersionId: version.versionId, isDefaultVersion };
    },
  ),

  ListPolicyVersions: operation('GET /policies/{policyName}/version', onPolicy, ({ path }, { registry }) => {
    const { versions, defaultVersionId } = registry.getPolicy(path.policyName);
    const policyVersions = [...versions.values()].map(({ versionId, createDate }) => ({
      versionId,
      isDefaultVersion: versionId === defaultVersionId,
      createDate: seconds(createDate),
    }));
    return { policyVersions };
  }),

  GetPolicyVersion: operation(
    'GET /policies/{policyName}/version/{policyVersionId}',
    onPolicy,
    ({ path }, { registry }) => {
      const policy = registry.getPolicy(path.policyName);
      const { versionId, document, createDate } = policy.version(path.policyVersionId);
      const isDefaultVersion = versionId === policy.defaultVersionId;
      const dates = { creationDate: seconds(createDate), lastModifiedDate: seconds(createDate) };
      const version = { policyVersionId: versionId, policyDocument: document.text, isDefaultVersion };
      return { ...summaryOf(policy), ...version, ...dates };
    },
  ),

  SetDefaultPolicyVersion: operation(
    'PATCH /policies/{policyName}/version/{policyVersionId}',
    onPolicy,
    ({ path }, { registry }) => registry.setDefaultPolicyVersion(path.policyName, path.policyVersionId),
  ),

  DeletePolicyVersion: operation(
    'DELETE /policies/{policyName}/version/{policyVersionId}',
    onPolicy,
    ({ path }, { registry }) => registry.deletePolicyVersion(path.policyName, path.policyVersionId),
  ),

  AttachPolicy: operation('PUT /target-policies/{policyName}', onTarget, ({ path, body }, { registry }) =>
    registry.attachPolicy(path.policyName, text(fieldsOf({ body }, 'target').target, 'target')),
  ),

  DetachPolicy: operation(
    'POST /target-policies/{policyName}',
    onTarget,
    ({ path: { policyName }, body }, { registry, detachments }) => {
      const target = text(fieldsOf({ body }, 'target').target, 'target');
      registry.getPolicy(policyName);
      detachments.add(() => registry.detachPolicy(policyName, target));
    },
  ),

  ListAttachedPolicies: operation(
    // A certificate is in no group, so `recursive` finds no more.
    'POST /attached-policies/{target}?pageSize&marker&recursive',
    onAll,
    ({ path, query }, { registry, faults }) => {
      flag(query.recursive, 'recursive');
      return pageByMarker('policies', registry.listAttachedPolicies(path.target).map(summaryOf), query, faults);
    },
  ),

  ListTargetsForPolicy: operation(
    'POST /policy-targets/{policyName}?pageSize&marker',
    onPolicy,
    ({ path, query }, { registry, faults }) =>
      pageByMarker('targets', registry.listTargetsForPolicy(path.policyName), query, faults),
  ),
};

function summaryOf({ policyName, policyArn }: Policy) {
  return { policyName, policyArn };
}
