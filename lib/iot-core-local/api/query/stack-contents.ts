import { validationError } from '../../cloudformation/cloudformation-error';
import type { Stack } from '../../cloudformation/stack/stack';
import type { StackEvent } from '../../cloudformation/stack/stack-event';
import type { StackResource } from '../../cloudformation/stack/stack-resource';
import { Template } from '../../cloudformation/template/template';
import { parseTemplateBody } from '../../cloudformation/template/template-body';
import { onAll } from '../needed-access';
import { changeSetIn } from './change-set-lookup';
import { templateBodyIn } from './deployment-input';
import { pageOfResults, type QueryOperations, refuse } from './query-operation';
import { onStack, onStackOfTemplate, onStackOrAll } from './stack-access';
import type { XmlValue } from './xml';

/** What a stack is made of, and what happened to it. https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html */
export const stackContentOperations: QueryOperations = {
  GetTemplate: {
    needs: onStackOfTemplate,
    parameters: ['StackName', 'ChangeSetName', 'TemplateStage'],
    run(input, { cloudFormation }) {
      const deployment =
        input.text('ChangeSetName') === undefined
          ? cloudFormation.get(input.required('StackName')).shownDeployment
          : changeSetIn(input, cloudFormation).changeSet.deployment;
      return { TemplateBody: deployment?.templateBody ?? '{}', StagesAvailable: ['Original', 'Processed'] };
    },
  },

  GetTemplateSummary: {
    needs: onStackOrAll,
    parameters: ['StackName', 'TemplateBody', 'TemplateURL', 'TemplateSummaryConfig'],
    async run(input, { cloudFormation }) {
      refuse(input, ['TemplateURL']);
      const stackName = input.text('StackName');
      const deployed = stackName === undefined ? undefined : cloudFormation.get(stackName).shownDeployment?.template;
      const template = deployed ?? new Template(await parseTemplateBody(templateBodyIn(input) ?? ''));
      const types = [...template.resources.values()].map(({ type }) => type);
      return {
        Description: template.description,
        Parameters: [...template.parameters.values()].map(({ name, type, noEcho, default: fallback }) => ({
          ParameterKey: name,
          DefaultValue: fallback,
          ParameterType: type,
          NoEcho: noEcho,
        })),
        ResourceTypes: [...new Set(types)],
      };
    },
  },

  ValidateTemplate: {
    needs: onAll,
    parameters: ['TemplateBody', 'TemplateURL'],
    async run(input) {
      refuse(input, ['TemplateURL']);
      const template = new Template(await parseTemplateBody(templateBodyIn(input) ?? ''));
      const parameters = [...template.parameters.values()].map(({ name, noEcho, default: fallback }) => ({
        ParameterKey: name,
        DefaultValue: fallback,
        NoEcho: noEcho,
      }));
      return { Description: template.description, Parameters: parameters };
    },
  },

  ListStackResources: {
    needs: onStack,
    parameters: ['StackName', 'NextToken'],
    run(input, context) {
      const stack = context.cloudFormation.get(input.required('StackName'));
      const xmlOf = (resource: StackResource) => ({
        ...resourceXml(resource),
        LastUpdatedTimestamp: resource.timestamp,
      });
      return pageOfResults('StackResourceSummaries', [...stack.resources.values()], xmlOf, input, context);
    },
  },

  DescribeStackResources: {
    needs: onStackOrAll,
    parameters: ['StackName', 'LogicalResourceId', 'PhysicalResourceId'],
    run(input, { cloudFormation }) {
      const [logicalId, physicalId] = [input.text('LogicalResourceId'), input.text('PhysicalResourceId')];
      const stackName = input.text('StackName');
      const stacks = stackName === undefined ? cloudFormation.list() : [cloudFormation.get(stackName)];
      if (stackName === undefined && physicalId === undefined) {
        throw validationError('Either StackName or PhysicalResourceId must be specified.');
      }
      const owned = stacks.find((stack) => physicalId === undefined || owns(stack, physicalId));
      if (!owned) throw validationError(`Stack for ${physicalId} does not exist`);
      const resources = [...owned.resources.values()].filter(
        (resource) => logicalId === undefined || resource.logicalId === logicalId,
      );
      return { StackResources: resources.map((resource) => detailXml(owned, resource, 'Timestamp')) };
    },
  },

  DescribeStackResource: {
    needs: onStack,
    parameters: ['StackName', 'LogicalResourceId'],
    run(input, { cloudFormation }) {
      const stack = cloudFormation.get(input.required('StackName'));
      const logicalId = input.required('LogicalResourceId');
      const resource = stack.resources.get(logicalId);
      if (!resource) throw validationError(`Resource ${logicalId} does not exist for stack ${stack.name}`);
      return { StackResourceDetail: detailXml(stack, resource, 'LastUpdatedTimestamp') };
    },
  },

  DescribeStackEvents: {
    needs: onStack,
    parameters: ['StackName', 'NextToken'],
    run(input, context) {
      const stack = context.cloudFormation.get(input.required('StackName'));
      return pageOfResults('StackEvents', stack.events.list(), (event) => eventXml(stack, event), input, context);
    },
  },
};

function owns({ resources }: Stack, physicalId: string): boolean {
  return [...resources.values()].some(({ created }) => created.ref === physicalId);
}

function resourceXml({ logicalId, created, type, status, statusReason }: StackResource) {
  return {
    LogicalResourceId: logicalId,
    PhysicalResourceId: created.ref,
    ResourceType: type,
    ResourceStatus: status,
    ResourceStatusReason: statusReason,
    DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
  };
}

function detailXml(stack: Stack, resource: StackResource, timestamp: 'Timestamp' | 'LastUpdatedTimestamp'): XmlValue {
  return { StackName: stack.name, StackId: stack.id, ...resourceXml(resource), [timestamp]: resource.timestamp };
}

function eventXml(
  stack: Stack,
  { eventId, logicalId, physicalId, type, status, reason, timestamp }: StackEvent,
): XmlValue {
  return {
    StackId: stack.id,
    EventId: eventId,
    StackName: stack.name,
    LogicalResourceId: logicalId,
    PhysicalResourceId: physicalId,
    ResourceType: type,
    Timestamp: timestamp,
    ResourceStatus: status,
    ResourceStatusReason: reason,
  };
}
