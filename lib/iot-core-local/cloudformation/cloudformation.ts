import { randomUUID } from 'node:crypto';
import type { Caller } from '../iam/caller';
import type { Location } from '../registry/arns';
import { checkCapabilities } from './change-set/capabilities';
import { type ChangeSet, nothingToChange } from './change-set/change-set';
import type { ChangeSetRequest, DeploymentRequest } from './change-set/change-set-request';
import { planChanges } from './change-set/plan';
import { checkType, checkUpdatable } from './change-set/request-checks';
import { deploymentOf, sameTags } from './change-set/requested-deployment';
import { CloudFormationError, validationError } from './cloudformation-error';
import { nestedStacksOf } from './nested-stacks';
import type { CustomResourceMode } from './resource-types/custom-resource-mode';
import type { Deployment } from './stack/deployment';
import { Exports } from './stack/exports';
import { type CloudFormationServices, ResourceOperations } from './stack/resource-operations';
import { Stack } from './stack/stack';
import { deleteStack } from './stack/stack-deletion';
import { newIdentity } from './stack/stack-identity';
import { StackUpdate } from './stack/stack-update';
import { BoundTemplate } from './template/bound-template';
import { TemplateError } from './template/template-error';

export interface CloudFormationContext extends Omit<CloudFormationServices, 'nestedStacks'> {
  readonly location: Location;
  /** Milliseconds. */
  readonly clock: () => number;
  /** @default 'required' */
  readonly customResources?: CustomResourceMode;
}

/**
 * AWS CloudFormation: the stacks of an account, and the change sets that create and update them.
 *
 * A change set is computed, and refused, when it is created. Executing it and deleting a stack take their time, and a stack does one of
 * these at a time.
 */
export class CloudFormation {
  readonly exports = new Exports(() => this.list());
  /** Every stack that there was, in the order of creation. */
  private readonly stacks = new Map<string, Stack>();
  private readonly nestedStacks = nestedStacksOf(this);

  constructor(private readonly context: CloudFormationContext) {}

  /** The stacks that are not deleted, in the order of creation. */
  list(): Stack[] {
    return this.listAll().filter(({ isDeleted }) => !isDeleted);
  }

  /** The deleted stacks too. */
  listAll(): Stack[] {
    return [...this.stacks.values()];
  }

  /**
   * A stack by its name, or by its id, under which a deleted stack is found too.
   *
   * @throws CloudFormationError in the words that the CDK's CLI looks for
   */
  get(nameOrId: string): Stack {
    const stack = this.find(nameOrId);
    if (stack) return stack;
    throw validationError(`Stack with id ${nameOrId} does not exist`);
  }

  find(nameOrId: string): Stack | undefined {
    return this.stacks.get(nameOrId) ?? this.list().find(({ name }) => name === nameOrId);
  }

  /**
   * Prepares a change set. Of type CREATE it makes a stack that waits for it. If anything is refused, nothing is made.
   *
   * @throws CloudFormationError or TemplateError
   */
  createChangeSet(request: ChangeSetRequest): { stack: Stack; changeSet: ChangeSet } {
    const existing = this.find(request.stackName);
    checkType(request, existing);
    const { stackName, changeSetName, description } = request;
    if (existing?.changeSets.has(changeSetName)) {
      throw new CloudFormationError('AlreadyExistsException', `ChangeSet ${changeSetName} already exists`);
    }
    const stack = existing ?? new Stack(newIdentity(this.context.location, stackName), this.context.clock);
    const deployment = deploymentOf(request, stack);
    const template = this.bind(deployment, stack);
    checkCapabilities(template, deployment.capabilities);
    const plan = planChanges(stack, template);
    const isSame = plan.changes.length === 0 && !plan.changesOutputs && sameTags(deployment, stack.deployment);
    const changeSet: ChangeSet = {
      id: changeSetArn(this.context.location, changeSetName),
      name: changeSetName,
      description,
      deployment,
      changes: plan.changes,
      status: isSame ? 'FAILED' : 'CREATE_COMPLETE',
      statusReason: isSame ? nothingToChange : undefined,
      executionStatus: isSame ? 'UNAVAILABLE' : 'AVAILABLE',
      createdAt: new Date(this.context.clock()),
    };
    stack.changeSets.set(changeSetName, changeSet);
    this.stacks.set(stack.id, stack);
    return { stack, changeSet };
  }

  /**
   * Carries out a change set. The other change sets of the stack become obsolete.
   *
   * @param caller - with whose rights the resources are changed; nobody's rights are asked for if there is none
   * @returns resolves with why it failed, the cause first; with none if it succeeded
   * @throws CloudFormationError if it cannot be executed now
   */
  executeChangeSet(stack: Stack, changeSet: ChangeSet, caller?: Caller): Promise<readonly TemplateError[]> {
    if (changeSet.executionStatus !== 'AVAILABLE') {
      throw new CloudFormationError(
        'InvalidChangeSetStatus',
        `ChangeSet [${changeSet.id}] cannot be executed in its current status of [${changeSet.status}], execution status [${changeSet.executionStatus}]`,
      );
    }
    if (stack.status !== 'REVIEW_IN_PROGRESS') checkUpdatable(stack);
    for (const other of stack.changeSets.values()) other.executionStatus = 'OBSOLETE';
    changeSet.executionStatus = 'EXECUTE_IN_PROGRESS';
    stack.caller = caller;
    const operation = this.update(stack, changeSet.deployment).then((failures) => {
      changeSet.executionStatus = failures.length > 0 ? 'EXECUTE_FAILED' : 'EXECUTE_COMPLETE';
      return failures;
    });
    stack.operation = operation;
    return operation;
  }

  /**
   * Deletes a stack, after the operation that is running.
   *
   * @param retained - logical ids of resources that are to stay
   * @param caller - as for {@link executeChangeSet}
   * @returns resolves with why resources could not be deleted; with none if the stack is deleted
   * @throws CloudFormationError if it cannot be deleted now
   */
  deleteStack(stack: Stack, retained: readonly string[] = [], caller?: Caller): Promise<readonly TemplateError[]> {
    if (stack.isProtected) {
      throw validationError(`Stack [${stack.name}] cannot be deleted while TerminationProtection is enabled`);
    }
    if (stack.isBusy && stack.status !== 'CREATE_IN_PROGRESS' && stack.status !== 'DELETE_IN_PROGRESS') {
      throw validationError(`Stack [${stack.id}] cannot be deleted while in status ${stack.status}`);
    }
    if (retained.length > 0 && stack.status !== 'DELETE_FAILED') {
      throw validationError(
        `Invalid operation on stack [${stack.id}]. The specified resources to retain can be used only if the stack is in the DELETE_FAILED state`,
      );
    }
    const deletion = stack.operation.then(() => {
      stack.caller = caller;
      return this.delete(stack, retained);
    });
    stack.operation = deletion;
    return deletion;
  }

  /**
   * Continues the rollback of an update.
   *
   * @param skipped - logical ids of resources that are to be left as they are
   * @param caller - as for {@link executeChangeSet}
   * @throws CloudFormationError if no rollback has failed
   */
  continueUpdateRollback(stack: Stack, skipped: readonly string[], caller?: Caller): Promise<readonly TemplateError[]> {
    if (!stack.failedRollback) {
      throw validationError(`Stack [${stack.id}] is in ${stack.status} state and its rollback can not be continued.`);
    }
    stack.caller = caller;
    const operation = stack.failedRollback(skipped);
    stack.operation = operation;
    return operation;
  }

  /**
   * Checks a request as a change set is checked, and deploys it at once.
   *
   * @param caller - as for {@link executeChangeSet}
   * @returns resolves with why it failed, the cause first; `undefined` if there is nothing to change
   * @throws CloudFormationError or TemplateError
   */
  deploy(
    stackName: string,
    type: ChangeSetRequest['type'],
    request: DeploymentRequest,
    caller?: Caller,
  ): { stack: Stack; done?: Promise<readonly TemplateError[]> } {
    const { stack, changeSet } = this.createChangeSet({
      ...request,
      stackName,
      type,
      changeSetName: `direct-${randomUUID()}`,
    });
    stack.changeSets.delete(changeSet.name);
    if (changeSet.status === 'FAILED') return { stack };
    return { stack, done: this.executeChangeSet(stack, changeSet, caller) };
  }

  private async update(stack: Stack, deployment: Deployment): Promise<readonly TemplateError[]> {
    const operations = this.operationsOf(stack);
    stack.attempt = deployment;
    try {
      const template = this.bind(deployment, stack);
      return await new StackUpdate(stack, template, { operations, exports: this.exports }).run(deployment);
    } catch (error) {
      // The exports that it imports may have changed since the change set was created.
      if (!(error instanceof TemplateError)) throw error;
      const isCreation = stack.deployment === undefined;
      stack.setStatus(isCreation ? 'ROLLBACK_COMPLETE' : 'UPDATE_ROLLBACK_COMPLETE', error.message);
      return [error];
    }
  }

  private async delete(stack: Stack, retained: readonly string[]): Promise<readonly TemplateError[]> {
    if (stack.isDeleted) return [];
    for (const { exportName } of stack.outputs) {
      const importers = exportName === undefined ? [] : this.exports.importersOf(exportName);
      if (importers.length === 0) continue;
      const reason = `Delete canceled. Cannot delete export ${exportName} as it is in use by ${importers.join(' and ')}.`;
      // The stack stays what it was.
      stack.setStatus(stack.status, reason);
      return [new TemplateError(reason)];
    }
    return deleteStack(stack, this.operationsOf(stack), retained);
  }

  private bind({ template, parameters }: Deployment, stack: Stack): BoundTemplate {
    const { customResources } = this.context;
    const exports = this.exports.values();
    const stackOutputs = (stackName: string, outputName: string) =>
      this.find(stackName)?.outputs.find(({ name }) => name === outputName)?.value;
    return new BoundTemplate(template, { stack: stack.identity, parameters, exports, stackOutputs, customResources });
  }

  private operationsOf(stack: Stack): ResourceOperations {
    return new ResourceOperations(stack, { ...this.context, nestedStacks: this.nestedStacks });
  }
}

function changeSetArn({ partition, region, accountId }: Location, name: string): string {
  return `arn:${partition}:cloudformation:${region}:${accountId}:changeSet/${name}/${randomUUID()}`;
}
