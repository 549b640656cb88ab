import { isObject } from '../../../util/json';
import type { CreatedResource } from '../resource-types/resource-type';
import type { StackIdentity } from '../stack/stack-identity';
import type { Conditions } from './conditions';
import { field } from './intrinsic-call';
import type { ParameterValue } from './parameters';
import { noValue, type Scope } from './scope';
import type { Template } from './template';
import { TemplateError, UnavailableValueError } from './template-error';

/** A value of a resource that is not there yet. */
export class PendingValueError extends TemplateError {
  override readonly name = 'PendingValueError';

  /** @param logicalId - the resource that the value waits for */
  constructor(
    message: string,
    readonly logicalId: string,
  ) {
    super(message);
  }
}

/** The values that stacks export, by export name. */
export type ExportedValues = ReadonlyMap<string, string>;

/** The value of a stack's output, or undefined if there is none. */
export type StackOutputs = (stackName: string, outputName: string) => string | undefined;

interface Lookups {
  readonly template: Template;
  readonly stack: StackIdentity;
  readonly parameters: ReadonlyMap<string, ParameterValue>;
  readonly conditions: Conditions;
  readonly exports: ExportedValues;
  readonly stackOutputs?: StackOutputs;
  /** Collects the names of the exports that are looked up. */
  readonly imports: Set<string>;
  readonly created: ReadonlyMap<string, CreatedResource>;
}

/** Looks up what the functions of a bound template refer to. */
export class TemplateScope implements Scope {
  constructor(
    readonly owner: string,
    private readonly lookups: Lookups,
  ) {}

  ref(name: string): unknown {
    if (name === 'AWS::NoValue') return noValue;
    const { stack, template, parameters } = this.lookups;
    const pseudo = field(pseudoParameters(stack), name);
    if (pseudo !== undefined) return pseudo;
    const parameter = template.parameters.get(name);
    if (parameter) {
      const value = parameters.get(name);
      if (value !== undefined) return value;
      throw new UnavailableValueError(
        `${this.owner} refers to "${name}", an ${parameter.type} whose value only AWS has.`,
      );
    }
    return this.resource(name, `refers to "${name}"`).ref;
  }

  attribute(logicalId: string, name: string): unknown {
    const value = field(this.resource(logicalId, `needs "${logicalId}.${name}"`).attributes, name);
    if (value === undefined) {
      throw new TemplateError(`${this.owner} needs "${logicalId}.${name}", which has no value here.`);
    }
    return value;
  }

  condition(name: string): boolean {
    return this.lookups.conditions.isTrue(name);
  }

  mapped(map: string, firstKey: string, secondKey: string): unknown {
    const entries = field(this.lookups.template.mappings, map);
    const row = isObject(entries) ? field(entries, firstKey) : undefined;
    const value = isObject(row) ? field(row, secondKey) : undefined;
    if (value === undefined) {
      throw new TemplateError(`Template error: Unable to get mapping for ${map}::${firstKey}::${secondKey}`);
    }
    return value;
  }

  exported(name: string): string {
    const value = this.lookups.exports.get(name);
    if (value === undefined) throw new TemplateError(`No export named ${name} found.`);
    this.lookups.imports.add(name);
    return value;
  }

  stackOutput(stackName: string, outputName: string): string {
    const value = this.lookups.stackOutputs?.(stackName, outputName);
    if (value === undefined) throw new TemplateError(`No output named ${outputName} of the stack ${stackName} found.`);
    return value;
  }

  private resource(logicalId: string, what: string): CreatedResource {
    const created = this.lookups.created.get(logicalId);
    if (created) return created;
    const isResource = this.lookups.template.resources.has(logicalId);
    const message = `${this.owner} ${what}, which has no value here.`;
    throw isResource ? new PendingValueError(message, logicalId) : new TemplateError(message);
  }
}

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/pseudo-parameter-reference.html */
function pseudoParameters(stack: StackIdentity): Readonly<Record<string, string>> {
  return {
    'AWS::AccountId': stack.accountId,
    'AWS::Partition': stack.partition,
    'AWS::Region': stack.region,
    'AWS::StackId': stack.stackId,
    'AWS::StackName': stack.stackName,
    'AWS::URLSuffix': stack.urlSuffix,
  };
}
