import { isObject } from '../../../util/json';
import { checkCalls } from './check-calls';
import { checkMappings } from './check-mappings';
import { checkNulls } from './check-nulls';
import { checkSections } from './check-sections';
import { type Parameter, parametersIn } from './parameters';
import { type Resource, resourceIn } from './resource';
import { TemplateError } from './template-error';

/** An output as the template has it. */
export interface Output {
  readonly name: string;
  readonly description?: string;
  readonly value: unknown;
  /** The name under which other stacks import it. */
  readonly exportName?: unknown;
  readonly condition?: string;
}

/** The sections that a template may have. Those without a meaning here are not listed. */
const sections = [
  'AWSTemplateFormatVersion',
  'Description',
  'Metadata',
  'Parameters',
  'Mappings',
  'Conditions',
  'Rules',
  'Resources',
  'Outputs',
];

const formatVersion = '2010-09-09';

/**
 * A CloudFormation template, its sections read and none of its functions evaluated.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export class Template {
  readonly description?: string;
  readonly parameters: ReadonlyMap<string, Parameter>;
  readonly mappings: Readonly<Record<string, unknown>>;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly rules: Readonly<Record<string, unknown>>;
  readonly resources: ReadonlyMap<string, Resource>;
  readonly outputs: readonly Output[];

  /**
   * @param source - the parsed template
   * @throws TemplateError naming what of it CloudFormation does not take, or what IoT Core Local does not know
   */
  constructor(readonly source: unknown) {
    if (!isObject(source) || !isObject(source.Resources)) {
      throw new TemplateError('A template is a JSON object with "Resources"; this one has none.');
    }
    checkNulls(source);
    const unknown = Object.keys(source).filter((name) => !sections.includes(name));
    if (unknown.length > 0) {
      throw new TemplateError(`The template has ${unknown.join(' and ')}, which IoT Core Local does not process.`);
    }
    const { AWSTemplateFormatVersion: version = formatVersion } = source;
    if (version !== formatVersion) {
      throw new TemplateError(
        `The template has the AWSTemplateFormatVersion ${JSON.stringify(version)}, not "${formatVersion}".`,
      );
    }
    checkSections(source);
    this.description = source.Description === undefined ? undefined : String(source.Description);
    this.parameters = parametersIn(source.Parameters);
    this.mappings = section('Mappings', source.Mappings);
    checkMappings(this.mappings);
    this.conditions = section('Conditions', source.Conditions);
    this.rules = section('Rules', source.Rules);
    this.resources = new Map(
      Object.entries(source.Resources).map(([logicalId, resource]) => [logicalId, resourceIn(logicalId, resource)]),
    );
    this.outputs = Object.entries(section('Outputs', source.Outputs)).map(([name, output]) => outputIn(name, output));
    checkCalls(this);
  }
}

function section(name: string, value: unknown): Readonly<Record<string, unknown>> {
  if (value === undefined) return {};
  if (isObject(value)) return value;
  throw new TemplateError(`${name} is not an object.`);
}

function outputIn(name: string, source: unknown): Output {
  if (!isObject(source) || source.Value === undefined) throw new TemplateError(`The output "${name}" has no Value.`);
  const { Description, Value, Export, Condition } = source;
  if (Export !== undefined && (!isObject(Export) || Export.Name === undefined)) {
    throw new TemplateError(`The export of the output "${name}" has no Name.`);
  }
  return {
    name,
    description: Description === undefined ? undefined : String(Description),
    value: Value,
    exportName: Export?.Name,
    condition: Condition === undefined ? undefined : String(Condition),
  };
}
