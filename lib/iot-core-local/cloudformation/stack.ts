import { IotError } from '../registry/iot-error';
import { ignored } from './resource-types/ignored';
import {
  type CreatedResource,
  PartialCreationError,
  type Properties,
  type StackContext,
} from './resource-types/resource-type';
import type { BoundResource, BoundTemplate } from './template/bound-template';
import { TemplateError } from './template/template-error';

interface Deployed {
  readonly resource: BoundResource;
  readonly properties: Properties;
  readonly created: CreatedResource;
  readonly createdAt: Date;
}

/** A resource that is there, as CloudFormation lists it. */
export interface StackResource {
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly createdAt: Date;
}

/**
 * A stack: a template's resources, created and deleted in the order that CloudFormation keeps.
 */
export class Stack {
  /** What the stack exports, by export name. */
  readonly exports = new Map<string, string>();
  private deployed: Deployed[] = [];

  /**
   * Creates the resources, each after those that it depends on. When one cannot be created, those before it are deleted again.
   *
   * @throws TemplateError naming the resource that could not be created, and those that then could not be deleted
   */
  static async create(template: BoundTemplate, context: StackContext): Promise<Stack> {
    const deployment = new Stack(context);
    try {
      await deployment.createAll(template);
    } catch (error) {
      await deployment.deleteExcept(['Retain']).catch((rollback: Error) => {
        throw new TemplateError(`${(error as Error).message} ${rollback.message}`, { cause: error });
      });
      throw error;
    }
    return deployment;
  }

  private constructor(private readonly context: StackContext) {}

  /** The logical ids of the resources that nothing here is about. */
  get ignored(): string[] {
    return this.deployed
      .filter(({ resource }) => resource.resourceType === ignored)
      .map(({ resource }) => resource.logicalId);
  }

  get resources(): StackResource[] {
    return this.deployed.map(({ resource, created, createdAt }) => ({
      logicalId: resource.logicalId,
      physicalId: created.ref,
      type: resource.type,
      createdAt,
    }));
  }

  /**
   * Deletes the resources, each after those that depend on it, but for those that are to be retained. One that cannot be deleted
   * stays, and what it depends on with it, so that a second call goes on.
   *
   * @throws AggregateError of a TemplateError for each resource that could not be deleted
   */
  async delete(): Promise<void> {
    await this.deleteExcept(['Retain', 'RetainExceptOnCreate']);
  }

  private async deleteExcept(policies: readonly string[]): Promise<void> {
    const failures: TemplateError[] = [];
    const needed = new Set<string>();
    const remaining: Deployed[] = [];
    for (const deployed of [...this.deployed].reverse()) {
      const { resource, properties, created } = deployed;
      if (policies.includes(resource.deletionPolicy)) continue;
      if (!needed.has(resource.logicalId)) {
        try {
          await resource.resourceType.delete(properties, created, { ...this.context, ...resource });
          continue;
        } catch (error) {
          if (isGone(error)) continue;
          failures.push(failed('deleted', resource, error));
        }
      }
      remaining.push(deployed);
      for (const dependency of resource.dependencies) needed.add(dependency);
    }
    this.deployed = remaining.reverse();
    if (failures.length > 0) throw new AggregateError(failures, failures.map(({ message }) => message).join(' '));
  }

  private async createAll(template: BoundTemplate): Promise<void> {
    const created = new Map<string, CreatedResource>();
    for (const resource of template.resources) {
      const { logicalId, resourceType } = resource;
      const { read: properties } = template.propertiesOf(resource, created);
      const deployed = (creation: CreatedResource) => ({
        resource,
        properties,
        created: creation,
        createdAt: new Date(),
      });
      try {
        const creation = await resourceType.create(properties, { ...this.context, ...resource });
        created.set(logicalId, creation);
        this.deployed.push(deployed(creation));
      } catch (error) {
        if (error instanceof PartialCreationError) this.deployed.push(deployed(error.created));
        throw failed('created', resource, error);
      }
    }
    for (const { name, value, exportName } of template.outputs) {
      if (exportName === undefined) continue;
      this.exports.set(template.outputText(name, exportName, created), template.outputText(name, value, created));
    }
  }
}

/** To CloudFormation, what somebody else has deleted is deleted. https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html */
function isGone(error: unknown): boolean {
  return error instanceof IotError && error.name === 'ResourceNotFoundException';
}

function failed(done: string, { logicalId, type }: BoundResource, error: unknown): TemplateError {
  return new TemplateError(`${logicalId} (${type}) could not be ${done}: ${(error as Error).message}`, {
    cause: error,
  });
}
