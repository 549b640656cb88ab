import { type CustomResourceMode, isIgnoredFunction } from '../resource-types/custom-resource-mode';
import { ignored } from '../resource-types/ignored';
import { type CreatedResource, type ResourceType, readsProperty } from '../resource-types/resource-type';
import { resourceTypeOf, whyRefused } from '../resource-types/resource-types';
import type { StackIdentity } from '../stack/stack-identity';
import { refuseUnknownFunctions } from './check-functions';
import { checkProperties } from './check-properties';
import { checkReferences } from './check-references';
import { Conditions } from './conditions';
import { inCreationOrder } from './creation-order';
import { Evaluator } from './evaluator';
import { bindParameters, type ParameterValue } from './parameters';
import { hintFor, isPseudoParameter, referencesIn } from './references';
import type { Resource } from './resource';
import { checkRules } from './rules';
import type { Output, Template } from './template';
import { TemplateError } from './template-error';
import { type ExportedValues, type StackOutputs, TemplateScope } from './template-scope';

/** What a template is deployed with. */
export interface Binding {
  readonly stack: StackIdentity;
  /** The parameters' values by name, all of them texts. */
  readonly parameters: ReadonlyMap<string, string>;
  /** The values that other stacks export, by export name. */
  readonly exports: ExportedValues;
  /** Looks up an output of another stack. @default - there is no other stack */
  readonly stackOutputs?: StackOutputs;
  /** @default 'required' */
  readonly customResources?: CustomResourceMode;
}

/** A resource that is to be there: its condition holds. */
export interface BoundResource extends Resource {
  readonly resourceType: ResourceType;
  /** The logical ids of the resources that must be there before it. */
  readonly dependencies: readonly string[];
}

/** The properties of a resource: those that its type reads, evaluated, and the others as the template has them. */
export interface ResourceProperties {
  readonly read: Readonly<Record<string, unknown>>;
  readonly unread: Readonly<Record<string, unknown>>;
}

/** The resources that are there, by logical id. */
export type CreatedResources = ReadonlyMap<string, CreatedResource>;

/**
 * A template with values for its parameters: conditions are decided, and each function can be evaluated when the resources that it
 * refers to are there.
 */
export class BoundTemplate {
  /** In creation order: each resource after those that it depends on. */
  readonly resources: readonly BoundResource[];
  readonly outputs: readonly Output[];
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  /** The names of the exports that it imports, as far as they have been evaluated. */
  readonly imports = new Set<string>();
  private readonly conditions: Conditions;

  /** @throws TemplateError naming the part of the template that cannot be deployed, and why */
  constructor(
    readonly template: Template,
    private readonly binding: Binding,
  ) {
    this.parameters = bindParameters(template.parameters, binding.parameters);
    this.conditions = new Conditions(template.conditions, (owner) => new Evaluator(this.scope(owner, new Map())));
    checkRules(template.rules, new Evaluator(this.scope('A rule', new Map())));
    this.conditions.decideAll();
    const included = [...template.resources.values()].filter(({ condition }) => this.isIncluded(condition));
    const bound = new Map(included.map((resource) => [resource.logicalId, this.bind(resource)]));
    this.outputs = template.outputs.filter(({ condition }) => this.isIncluded(condition));
    for (const resource of bound.values()) this.check(resource, bound);
    for (const { name, value, exportName } of this.outputs) {
      this.checkValue(`The output "${name}"`, [value, exportName], bound);
    }
    checkReferences(template);
    for (const { name, exportName } of template.outputs) {
      if (exportName !== undefined) this.checkExportName(name, exportName);
    }
    this.resources = inCreationOrder(bound);
  }

  /**
   * The properties of a resource.
   *
   * @throws PendingValueError if a value depends on a resource that is not there yet
   * @throws TemplateError if a value is missing or wrong
   */
  propertiesOf({ logicalId, properties, resourceType }: BoundResource, created: CreatedResources): ResourceProperties {
    const evaluator = new Evaluator(this.scope(logicalId, created));
    const entries = Object.entries(properties);
    const isRead = ([name]: [string, unknown]) => readsProperty(resourceType, name);
    const read = evaluator.value(Object.fromEntries(entries.filter(isRead))) as Record<string, unknown>;
    return { read, unread: Object.fromEntries(entries.filter((entry) => !isRead(entry))) };
  }

  /** One property, or undefined if it is left out. @throws as {@link propertiesOf} */
  propertyOf(resource: BoundResource, name: string, created: CreatedResources): unknown {
    return this.propertiesOf({ ...resource, properties: { [name]: resource.properties[name] } }, created).read[name];
  }

  /** The value of an output, or its export name. @throws as {@link propertiesOf} */
  outputText(name: string, source: unknown, created: CreatedResources): string {
    const owner = `The output "${name}"`;
    return new Evaluator(this.scope(owner, created)).text(source, 'value');
  }

  private isIncluded(condition: string | undefined): boolean {
    return condition === undefined || this.conditions.isTrue(condition);
  }

  private bind(resource: Resource): BoundResource {
    const { logicalId, type, properties, dependsOn } = resource;
    const resourceType = this.typeOf(resource);
    if (!resourceType) {
      throw new TemplateError(`IoT Core Local has no ${type}, which ${logicalId} is: ${whyRefused(type)}.`);
    }
    const isTrue = (condition: string) => this.conditions.isTrue(condition);
    const referred = referencesIn(properties, isTrue).map(({ name }) => name);
    const isResource = (name: string) => !isPseudoParameter(name) && !this.template.parameters.has(name);
    // A DependsOn on a resource whose condition does not hold has no effect.
    const waitedFor = dependsOn.filter((name) => {
      const target = this.template.resources.get(name);
      return !target || this.isIncluded(target.condition);
    });
    return { ...resource, resourceType, dependencies: [...new Set([...waitedFor, ...referred.filter(isResource)])] };
  }

  private typeOf(resource: Resource): ResourceType | undefined {
    const { customResources = 'required' } = this.binding;
    return isIgnoredFunction(resource, this.template.resources, customResources)
      ? ignored
      : resourceTypeOf(resource.type);
  }

  private check(resource: BoundResource, bound: ReadonlyMap<string, BoundResource>): void {
    const { logicalId, properties, resourceType, dependencies } = resource;
    for (const name of dependencies) {
      if (!bound.has(name)) {
        throw new TemplateError(`${logicalId} depends on "${name}", which ${this.whyMissing(name)}.${hintFor(name)}`);
      }
    }
    checkProperties(resource);
    const read = Object.entries(properties).filter(([name]) => readsProperty(resourceType, name));
    this.checkValue(logicalId, Object.fromEntries(read), bound);
  }

  /** Finds before anything is created what cannot be evaluated later. */
  private checkValue(owner: string, value: unknown, bound: ReadonlyMap<string, BoundResource>): void {
    refuseUnknownFunctions(owner, value);
    for (const { name, attribute } of referencesIn(value, (condition) => this.conditions.isTrue(condition))) {
      if (isPseudoParameter(name) || this.template.parameters.has(name)) continue;
      const target = bound.get(name);
      if (!target) {
        throw new TemplateError(`${owner} refers to "${name}", which ${this.whyMissing(name)}.${hintFor(name)}`);
      }
      const { attributes, otherProperties } = target.resourceType;
      if (attribute !== undefined && attributes && !attributes.includes(attribute)) {
        const why = otherProperties === 'unread' ? `: ${name} (${target.type}) is ignored` : '';
        throw new TemplateError(`${owner} needs "${name}.${attribute}", which has no value here${why}.`);
      }
    }
  }

  /** An export has its name before any resource is there. */
  private checkExportName(output: string, exportName: unknown): void {
    if (/^[a-z\d:-]{1,255}$/i.test(this.outputText(output, exportName, new Map()))) return;
    throw new TemplateError(
      `Template format error: Output ${output} is malformed. The Name field of every Export member must be specified and consist only of alphanumeric characters, colons, or hyphens.`,
    );
  }

  private whyMissing(name: string): string {
    const condition = this.template.resources.get(name)?.condition;
    if (condition === undefined) return 'the template does not have';
    return `is not created, because the condition "${condition}" does not hold`;
  }

  private scope(owner: string, created: CreatedResources): TemplateScope {
    const { template, parameters, binding, conditions, imports } = this;
    return new TemplateScope(owner, { ...binding, template, parameters, conditions, imports, created });
  }
}
