import type { StackIdentity } from '../registry/arns';

/** A template that cannot be deployed here. Its message names the resource and the reason. */
export class TemplateError extends Error {
  override readonly name = 'TemplateError';
}

/** A resource as the template has it, its intrinsic functions not yet resolved. */
export interface Resource {
  readonly logicalId: string;
  readonly type: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The logical ids of the resources that must be there before it. */
  readonly dependencies: readonly string[];
  /** The name of the condition under which alone it is created. */
  readonly condition?: string;
  /** "Retain" for one that stays when its stack is deleted, "RetainExceptOnCreate" unless its stack cannot be created, either. */
  readonly deletionPolicy?: string;
}

/** What is known of a resource that has been created: the value of its `Ref`, and of its attributes. */
export interface CreatedResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/**
 * A synthesized CloudFormation template: its resources in the order in which they can be created.
 *
 * It resolves `Ref`, `Fn::GetAtt`, `Fn::Join`, `Fn::Sub`, pseudo parameters, and parameters that have a default; any other
 * intrinsic function is refused by name, where its value is needed.
 */
export class Template {
  /** Each resource after those that it depends on. */
  readonly resources: readonly Resource[];
  private readonly parameters: Record<string, unknown>;

  /** @throws TemplateError when it is no template, names a resource that it does not have, or its resources depend on one another in a circle */
  constructor(source: unknown) {
    const { Resources, Parameters } = (source ?? {}) as { Resources?: unknown; Parameters?: unknown };
    if (!isObject(Resources))
      throw new TemplateError('A template is a JSON object with "Resources"; this one has none.');
    this.parameters = isObject(Parameters) ? Parameters : {};
    const parsed = Object.entries(Resources).map(([logicalId, resource]) => this.parse(logicalId, resource));
    this.resources = inOrder(new Map(parsed.map((resource) => [resource.logicalId, resource])));
  }

  /**
   * A resource's properties with every intrinsic function resolved.
   *
   * @param created - the resources that are there, by logical id
   * @throws TemplateError when a value is not to be had
   */
  resolve(
    { logicalId, properties }: Resource,
    created: ReadonlyMap<string, CreatedResource>,
    stack: StackIdentity,
  ): Record<string, unknown> {
    const pseudo: Record<string, string> = {
      'AWS::AccountId': stack.accountId,
      'AWS::Partition': stack.partition,
      'AWS::Region': stack.region,
      'AWS::StackId': stack.stackId,
      'AWS::StackName': stack.stackName,
      'AWS::URLSuffix': 'amazonaws.com',
    };
    const ref = (name: string): unknown => {
      const parameter = this.parameters[name];
      const value = pseudo[name] ?? created.get(name)?.ref ?? (isObject(parameter) ? parameter.Default : undefined);
      if (value === undefined) throw new TemplateError(`${logicalId} refers to "${name}", which has no value here.`);
      return value;
    };
    const attribute = (name: string): string => {
      const [target, ...path] = name.split('.');
      const value = created.get(target)?.attributes[path.join('.')];
      if (value === undefined) throw new TemplateError(`${logicalId} needs "${name}", which has no value here.`);
      return value;
    };
    const value = (source: unknown): unknown => {
      if (Array.isArray(source)) return source.filter((entry) => !isNoValue(entry)).map(value);
      if (!isObject(source)) return source;
      const call = intrinsicOf(source);
      if (!call) {
        const entries = Object.entries(source).filter(([, entry]) => !isNoValue(entry));
        return Object.fromEntries(entries.map(([key, entry]) => [key, value(entry)]));
      }
      switch (call.name) {
        case 'Ref':
          return ref(String(call.argument));
        case 'Fn::GetAtt':
          return attribute([call.argument].flat().join('.'));
        case 'Fn::Join': {
          const [separator, parts] = [call.argument].flat();
          const joined = value(parts);
          if (typeof separator === 'string' && Array.isArray(joined)) return joined.join(separator);
          throw new TemplateError(`${logicalId} has an Fn::Join of other than a delimiter and a list.`);
        }
        case 'Fn::Sub': {
          const { text, variables } = substitutionOf(call.argument);
          if (text === undefined) throw new TemplateError(`${logicalId} has an Fn::Sub without a text.`);
          return text.replace(substitution, (_whole, literal?: string, name = '') => {
            if (literal !== undefined) return `\${${literal}}`;
            if (Object.hasOwn(variables, name)) return String(value(variables[name]));
            return String(name.includes('.') ? attribute(name) : ref(name));
          });
        }
        default:
          throw new TemplateError(`${logicalId} uses ${call.name}, which IoT Core Local does not resolve.`);
      }
    };
    return value(properties) as Record<string, unknown>;
  }

  private parse(logicalId: string, source: unknown): Resource {
    if (!isObject(source) || typeof source.Type !== 'string') {
      throw new TemplateError(`The resource "${logicalId}" has no Type.`);
    }
    const properties = isObject(source.Properties) ? source.Properties : {};
    const named = [source.DependsOn ?? []].flat().map(String);
    const dependencies = new Set([...named, ...references(properties)]);
    for (const name in this.parameters) dependencies.delete(name);
    return {
      logicalId,
      type: source.Type,
      properties,
      dependencies: [...dependencies],
      condition: source.Condition === undefined ? undefined : String(source.Condition),
      deletionPolicy: source.DeletionPolicy === undefined ? undefined : String(source.DeletionPolicy),
    };
  }
}

/** `${!literal}` or `${name}`. */
const substitution = /\$\{(?:!([^}]*)|([^}]*))\}/g;

/** The two forms of Fn::Sub's argument: a text, or a text and the variables that are its own. */
function substitutionOf(argument: unknown): { text?: string; variables: Record<string, unknown> } {
  const [text, variables] = [argument].flat();
  return { text: typeof text === 'string' ? text : undefined, variables: isObject(variables) ? variables : {} };
}

/** The logical ids that a value refers to. */
function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const call = intrinsicOf(value);
  if (call?.name === 'Ref') return isPseudo(String(call.argument)) ? [] : [String(call.argument)];
  if (call?.name === 'Fn::GetAtt') return [[call.argument].flat().join('.').split('.')[0]];
  if (call?.name === 'Fn::Sub') {
    const { text = '', variables } = substitutionOf(call.argument);
    const names = [...text.matchAll(substitution)].flatMap(([, , name]) =>
      name && !Object.hasOwn(variables, name) ? [name] : [],
    );
    return [...names.filter((name) => !isPseudo(name)).map((name) => name.split('.')[0]), ...references(variables)];
  }
  return Object.values(value).flatMap(references);
}

function inOrder(resources: ReadonlyMap<string, Resource>): Resource[] {
  const ordered = new Set<Resource>();
  const visit = (resource: Resource, path: readonly string[]): void => {
    if (ordered.has(resource)) return;
    if (path.includes(resource.logicalId)) {
      throw new TemplateError(
        `Resources depend on one another in a circle: ${[...path, resource.logicalId].join(' → ')}.`,
      );
    }
    for (const name of resource.dependencies) {
      const dependency = resources.get(name);
      if (!dependency)
        throw new TemplateError(`${resource.logicalId} depends on "${name}", which the template does not have.`);
      visit(dependency, [...path, resource.logicalId]);
    }
    ordered.add(resource);
  };
  for (const resource of resources.values()) visit(resource, []);
  return [...ordered];
}

function intrinsicOf(value: Record<string, unknown>): { name: string; argument: unknown } | undefined {
  const [name, ...more] = Object.keys(value);
  if (more.length > 0 || !(name === 'Ref' || name?.startsWith('Fn::'))) return undefined;
  return { name, argument: value[name] };
}

function isNoValue(value: unknown): boolean {
  return isObject(value) && value.Ref === 'AWS::NoValue';
}

function isPseudo(name: string): boolean {
  return name.startsWith('AWS::');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
