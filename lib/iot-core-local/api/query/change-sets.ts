import type { ChangeSet } from '../../cloudformation/change-set/change-set';
import type { ResourceChange } from '../../cloudformation/change-set/resource-change';
import type { CloudFormation } from '../../cloudformation/cloudformation';
import { CloudFormationError, validationError } from '../../cloudformation/cloudformation-error';
import type { Stack } from '../../cloudformation/stack/stack';
import { untilDone } from './answer-in-time';
import { deploymentIn, deploymentParameters } from './deployment-input';
import { parametersOf, tagsOf } from './deployment-xml';
import type { QueryInput } from './query-input';
import { pageOfResults, type QueryOperations, refuse } from './query-operation';
import type { XmlValue } from './xml';

/** Change sets. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
export const changeSetOperations: QueryOperations = {
  CreateChangeSet: {
    parameters: [
      ...deploymentParameters,
      'ChangeSetName',
      'ChangeSetType',
      'Description',
      'IncludeNestedStacks',
      'DeploymentMode',
      'ImportExistingResources',
      'OnStackFailure',
      'ResourcesToImport',
    ],
    async run(input, { cloudFormation }) {
      refuse(input, ['ImportExistingResources', 'ResourcesToImport']);
      const { stack, changeSet } = cloudFormation.createChangeSet({
        ...(await deploymentIn(input)),
        stackName: input.required('StackName'),
        changeSetName: input.required('ChangeSetName'),
        description: input.text('Description'),
        type: changeSetTypeIn(input),
      });
      return { Id: changeSet.id, StackId: stack.id };
    },
  },

  DescribeChangeSet: {
    parameters: ['ChangeSetName', 'StackName', 'NextToken', 'IncludePropertyValues'],
    run(input, context) {
      const { stack, changeSet } = changeSetIn(input, context.cloudFormation);
      const { deployment, description, status, statusReason, executionStatus, createdAt } = changeSet;
      const page = pageOfResults('Changes', changeSet.changes, changeXml, input, context);
      return {
        ...(page as object),
        ChangeSetName: changeSet.name,
        ChangeSetId: changeSet.id,
        StackId: stack.id,
        StackName: stack.name,
        Description: description,
        Parameters: parametersOf(deployment),
        CreationTime: createdAt,
        ExecutionStatus: executionStatus,
        Status: status,
        StatusReason: statusReason,
        Capabilities: deployment.capabilities,
        Tags: tagsOf(deployment),
        IncludeNestedStacks: false,
      };
    },
  },

  ExecuteChangeSet: {
    parameters: ['ChangeSetName', 'StackName', 'ClientRequestToken', 'DisableRollback', 'RetainExceptOnCreate'],
    async run(input, { cloudFormation }) {
      refuse(input, ['DisableRollback', 'RetainExceptOnCreate']);
      const { stack, changeSet } = changeSetIn(input, cloudFormation);
      await untilDone(cloudFormation.executeChangeSet(stack, changeSet));
      return {};
    },
  },

  DeleteChangeSet: {
    parameters: ['ChangeSetName', 'StackName'],
    run(input, { cloudFormation }) {
      const isArn = input.required('ChangeSetName').startsWith('arn:');
      // Deleting a change set that is not there succeeds, if its stack is there.
      if (!isArn) cloudFormation.get(input.required('StackName'));
      const found = findChangeSet(input, cloudFormation);
      found?.stack.changeSets.delete(found.changeSet.name);
      return {};
    },
  },

  ListChangeSets: {
    parameters: ['StackName', 'NextToken'],
    run(input, context) {
      const stack = context.cloudFormation.get(input.required('StackName'));
      const summaryOf = ({
        id,
        name,
        status,
        statusReason,
        executionStatus,
        createdAt,
        description,
      }: ChangeSet): XmlValue => ({
        StackId: stack.id,
        StackName: stack.name,
        ChangeSetId: id,
        ChangeSetName: name,
        ExecutionStatus: executionStatus,
        Status: status,
        StatusReason: statusReason,
        CreationTime: createdAt,
        Description: description,
      });
      return pageOfResults('Summaries', [...stack.changeSets.values()], summaryOf, input, context);
    },
  },
};

function changeSetTypeIn(input: QueryInput): 'CREATE' | 'UPDATE' {
  const type = input.text('ChangeSetType') ?? 'UPDATE';
  if (type === 'CREATE' || type === 'UPDATE') return type;
  throw validationError(`IoT Core Local has change sets of the types CREATE and UPDATE, and not ${type}.`);
}

/** The change set that a request names. @throws CloudFormationError if there is none */
export function changeSetIn(input: QueryInput, cloudFormation: CloudFormation): { stack: Stack; changeSet: ChangeSet } {
  const found = findChangeSet(input, cloudFormation);
  if (found) return found;
  throw new CloudFormationError('ChangeSetNotFound', `ChangeSet [${input.required('ChangeSetName')}] does not exist`);
}

function findChangeSet(input: QueryInput, cloudFormation: CloudFormation) {
  const nameOrArn = input.required('ChangeSetName');
  const isArn = nameOrArn.startsWith('arn:');
  if (!isArn && input.text('StackName') === undefined) {
    throw validationError('StackName must be specified if ChangeSetName is not specified as an ARN.');
  }
  const stackName = input.text('StackName');
  const stacks = stackName === undefined ? cloudFormation.listAll() : [cloudFormation.get(stackName)];
  for (const stack of stacks) {
    for (const changeSet of stack.changeSets.values()) {
      if (nameOrArn === (isArn ? changeSet.id : changeSet.name)) return { stack, changeSet };
    }
  }
  return undefined;
}

function changeXml({ action, logicalId, physicalId, type, replacement, details }: ResourceChange): XmlValue {
  return {
    Type: 'Resource',
    ResourceChange: {
      Action: action,
      LogicalResourceId: logicalId,
      PhysicalResourceId: physicalId,
      ResourceType: type,
      Replacement: replacement,
      Scope: details.length > 0 ? ['Properties'] : [],
      Details: details.map(({ name, requiresRecreation, evaluation, causingEntity }) => ({
        Target: { Attribute: 'Properties', Name: name, RequiresRecreation: requiresRecreation },
        Evaluation: evaluation,
        ChangeSource: causingEntity === undefined ? 'DirectModification' : 'ResourceReference',
        CausingEntity: causingEntity,
      })),
    },
  };
}
