import { IotError } from '../registry/iot-error';
import { ignored } from './other-resource-types';
import type { ResourceType, StackContext } from './resource-type';
import { resourceTypeOf } from './resource-types';
import { type CreatedResource, type Resource, type Template, TemplateError } from './template';

interface Deployed {
  readonly resource: Resource;
  readonly type: ResourceType;
  readonly properties: Record<string, unknown>;
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
  private deployed: Deployed[] = [];

  /**
   * Creates the resources, each after those that it depends on. When one cannot be created, those before it are deleted again.
   *
   * @throws TemplateError naming the resource that could not be created, and those that then could not be deleted
   */
  static async create(template: Template, context: StackContext): Promise<Stack> {
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
    return this.deployed.filter(({ type }) => type === ignored).map(({ resource }) => resource.logicalId);
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
      const { resource, type, properties, created } = deployed;
      if (policies.includes(resource.deletionPolicy ?? 'Delete')) continue;
      if (!needed.has(resource.logicalId)) {
        try {
          await type.delete(properties, created, { ...this.context, resource });
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

  private async createAll(template: Template): Promise<void> {
    const created = new Map<string, CreatedResource>();
    for (const resource of template.resources) {
      const type = resourceTypeOf(resource.type);
      if (!type) throw new TemplateError(`IoT Core Local has no ${resource.type}, which ${resource.logicalId} is.`);
      if (resource.condition !== undefined && type !== ignored) {
        const message = `${resource.logicalId} has the condition "${resource.condition}", and IoT Core Local evaluates none.`;
        throw new TemplateError(message);
      }
      const properties = template.resolve(onlyWhatIsRead(resource, type), created, this.context.stack);
      try {
        const creation = await type.create(properties, { ...this.context, resource });
        created.set(resource.logicalId, creation);
        this.deployed.push({ resource, type, properties, created: creation, createdAt: new Date() });
      } catch (error) {
        throw failed('created', resource, error);
      }
    }
  }
}

function onlyWhatIsRead(resource: Resource, { reads }: ResourceType): Resource {
  if (!reads) return resource;
  const properties = Object.entries(resource.properties).filter(([name]) => reads.includes(name));
  return { ...resource, properties: Object.fromEntries(properties) };
}

/** To CloudFormation, what somebody else has deleted is deleted. https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-test-contract.html */
function isGone(error: unknown): boolean {
  return error instanceof IotError && error.name === 'ResourceNotFoundException';
}

function failed(done: string, { logicalId, type }: Resource, error: unknown): TemplateError {
  return new TemplateError(`${logicalId} (${type}) could not be ${done}: ${(error as Error).message}`, {
    cause: error,
  });
}
