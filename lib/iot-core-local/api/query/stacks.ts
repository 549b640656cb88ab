import { CloudFormationError, validationError } from '../../cloudformation/cloudformation-error';
import type { Stack } from '../../cloudformation/stack/stack';
import { onAll } from '../needed-access';
import { checkDeploymentMode, deploymentIn, deploymentParameters } from './deployment-input';
import { parametersOf, tagsOf } from './deployment-xml';
import { pageOfResults, type QueryOperations, refuse } from './query-operation';
import { onAllStacks, onDescribedStacks, onStack } from './stack-access';
import { untilDone } from './until-done';
import type { XmlValue } from './xml';

/** What a stack is created or updated with directly, and IoT Core Local does not have. */
const notThere = [
  'DisableRollback',
  'OnFailure',
  'StackPolicyBody',
  'StackPolicyURL',
  'StackPolicyDuringUpdateBody',
  'StackPolicyDuringUpdateURL',
  'TimeoutInMinutes',
  'RetainExceptOnCreate',
];

/** Stacks. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
export const stackOperations: QueryOperations = {
  CreateStack: {
    needs: onStack,
    parameters: [...deploymentParameters, ...notThere, 'EnableTerminationProtection'],
    async run(input, { cloudFormation, caller }) {
      refuse(input, notThere);
      const request = await deploymentIn(input);
      const name = input.required('StackName');
      const existing = cloudFormation.find(name);
      if (existing) throw new CloudFormationError('AlreadyExistsException', `Stack [${name}] already exists`);
      const isProtected = input.isTrue('EnableTerminationProtection');
      const { stack, done } = cloudFormation.deploy(name, 'CREATE', request, caller);
      stack.isProtected = isProtected;
      if (done) await untilDone(done);
      return { StackId: stack.id };
    },
  },

  UpdateStack: {
    needs: onStack,
    parameters: [...deploymentParameters, ...notThere],
    async run(input, { cloudFormation, caller }) {
      refuse(input, notThere);
      const request = await deploymentIn(input);
      const { stack, done } = cloudFormation.deploy(input.required('StackName'), 'UPDATE', request, caller);
      if (!done) throw validationError('No updates are to be performed.');
      await untilDone(done);
      return { StackId: stack.id };
    },
  },

  DeleteStack: {
    needs: onStack,
    parameters: ['StackName', 'RetainResources', 'RoleARN', 'ClientRequestToken', 'DeletionMode', 'DeploymentConfig'],
    async run(input, { cloudFormation, caller }) {
      refuse(input, ['DeletionMode']);
      checkDeploymentMode(input);
      // Deleting a stack that is not there succeeds.
      const stack = cloudFormation.find(input.required('StackName'));
      if (stack && !stack.isDeleted) {
        await untilDone(cloudFormation.deleteStack(stack, input.list('RetainResources'), caller));
      }
      return {};
    },
  },

  ContinueUpdateRollback: {
    needs: onStack,
    parameters: ['StackName', 'ResourcesToSkip', 'RoleARN', 'ClientRequestToken'],
    async run(input, { cloudFormation, caller }) {
      const stack = cloudFormation.get(input.required('StackName'));
      await untilDone(cloudFormation.continueUpdateRollback(stack, input.list('ResourcesToSkip'), caller));
      return {};
    },
  },

  UpdateTerminationProtection: {
    needs: onStack,
    parameters: ['StackName', 'EnableTerminationProtection'],
    run(input, { cloudFormation }) {
      // Without it, a stack would lose its protection.
      input.required('EnableTerminationProtection');
      const isProtected = input.isTrue('EnableTerminationProtection');
      const stack = cloudFormation.get(input.required('StackName'));
      stack.isProtected = isProtected;
      return { StackId: stack.id };
    },
  },

  DescribeStacks: {
    needs: onDescribedStacks,
    parameters: ['StackName', 'NextToken'],
    run(input, context) {
      const name = input.text('StackName');
      const stacks = name === undefined ? context.cloudFormation.list() : [context.cloudFormation.get(name)];
      return pageOfResults('Stacks', stacks, stackXml, input, context);
    },
  },

  ListStacks: {
    needs: onAllStacks,
    parameters: ['NextToken', 'StackStatusFilter'],
    run(input, context) {
      const statuses = input.list('StackStatusFilter');
      const stacks = context.cloudFormation
        .listAll()
        .filter(({ status }) => statuses.length === 0 || statuses.includes(status));
      return pageOfResults('StackSummaries', stacks, summaryXml, input, context);
    },
  },

  ListExports: {
    needs: onAll,
    parameters: ['NextToken'],
    run(input, context) {
      const xmlOf = ([Name, { stack, value }]: [string, { stack: Stack; value: string }]): XmlValue => ({
        ExportingStackId: stack.id,
        Name,
        Value: value,
      });
      return pageOfResults('Exports', [...context.cloudFormation.exports.all()], xmlOf, input, context);
    },
  },

  ListImports: {
    needs: onAll,
    parameters: ['ExportName', 'NextToken'],
    run(input, context) {
      const name = input.required('ExportName');
      const importers = context.cloudFormation.exports.importersOf(name);
      if (importers.length === 0) throw validationError(`Export '${name}' is not imported by any stack.`);
      return pageOfResults('Imports', importers, (importer) => importer, input, context);
    },
  },
};

function summaryXml(stack: Stack) {
  const { deployment, createdAt, updatedAt, deletedAt, status, statusReason } = stack;
  return {
    StackId: stack.id,
    StackName: stack.name,
    Description: deployment?.template.description,
    TemplateDescription: deployment?.template.description,
    CreationTime: createdAt,
    LastUpdatedTime: updatedAt,
    DeletionTime: deletedAt,
    StackStatus: status,
    StackStatusReason: statusReason,
    DriftInformation: { StackDriftStatus: 'NOT_CHECKED' },
  };
}

function stackXml(stack: Stack): XmlValue {
  const { shownDeployment: deployment, outputs, isProtected } = stack;
  const { TemplateDescription: _only, ...summary } = summaryXml(stack);
  return {
    ...summary,
    Description: deployment?.template.description,
    Parameters: parametersOf(deployment),
    DisableRollback: false,
    NotificationARNs: [],
    RollbackConfiguration: {},
    Capabilities: deployment?.capabilities ?? [],
    Tags: tagsOf(deployment),
    EnableTerminationProtection: isProtected,
    Outputs: outputs.map(({ name, value, description, exportName }) => ({
      OutputKey: name,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
  };
}
