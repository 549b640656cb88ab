import type { ChangeSet } from '../../cloudformation/change-set/change-set';
import type { ResourceChange } from '../../cloudformation/change-set/resource-change';
import { validationError } from '../../cloudformation/cloudformation-error';
import { changeSetIn, findChangeSet } from './change-set-lookup';
import { deploymentIn, deploymentParameters } from './deployment-input';
import { parametersOf, tagsOf } from './deployment-xml';
import type { QueryInput } from './query-input';
import { pageOfResults, type QueryOperations, refuse } from './query-operation';
import { onStack, onStackOfChangeSet } from './stack-access';
import { untilDone } from './until-done';
import type { XmlValue } from './xml';

/** Change sets. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
export const changeSetOperations: QueryOperations = {
  CreateChangeSet: {
    needs: onStack,
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
      // What fails is always rolled back.
      if (input.text('OnStackFailure') !== 'ROLLBACK') refuse(input, ['OnStackFailure']);
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
    needs: onStackOfChangeSet,
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
    needs: onStackOfChangeSet,
    parameters: ['ChangeSetName', 'StackName', 'ClientRequestToken', 'DisableRollback', 'RetainExceptOnCreate'],
    async run(input, { cloudFormation, caller }) {
      refuse(input, ['DisableRollback', 'RetainExceptOnCreate']);
      const { stack, changeSet } = changeSetIn(input, cloudFormation);
      await untilDone(cloudFormation.executeChangeSet(stack, changeSet, caller));
      return {};
    },
  },

  DeleteChangeSet: {
    needs: onStackOfChangeSet,
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
    needs: onStack,
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
