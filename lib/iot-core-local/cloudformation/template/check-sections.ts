import { isObject } from '../../../util/json';
import { TemplateError } from './template-error';

/** The most entries of a section. https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const mostEntries = { Mappings: 200, Outputs: 200, Parameters: 200, Resources: 500 } as const;

/** Bytes. */
const longestDescription = 1024;

/** The fields of a parameter and of an output. */
const fields = {
  Outputs: ['Condition', 'Description', 'Export', 'Value'],
  Parameters: [
    'AllowedPattern',
    'AllowedValues',
    'ConstraintDescription',
    'Default',
    'Description',
    'MaxLength',
    'MaxValue',
    'MinLength',
    'MinValue',
    'NoEcho',
    'Type',
  ],
} as const;

/**
 * Checks the sections of a template by their sizes and their names, as CloudFormation does before it evaluates anything.
 *
 * @param template - each section that it has is an object
 * @throws TemplateError in CloudFormation's words where they are known
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-anatomy.html
 */
export function checkSections(template: Readonly<Record<string, unknown>>): void {
  checkDescription(template.Description);
  for (const [name, most] of Object.entries(mostEntries)) {
    const count = Object.keys(entriesOf(template, name)).length;
    if (count > most) {
      const what = name.toLowerCase();
      throw malformed(`Number of ${what}, ${count}, is greater than maximum allowed, ${most}`);
    }
  }
  if (Object.keys(entriesOf(template, 'Resources')).length === 0) {
    throw malformed('At least one Resources member must be defined.');
  }
  for (const name of ['Mappings', 'Outputs', 'Parameters']) checkNames(name, entriesOf(template, name));
  for (const [name, known] of Object.entries(fields)) {
    checkFields(name, entriesOf(template, name), known);
    checkTexts(entriesOf(template, name));
  }
  const resources = entriesOf(template, 'Resources');
  const twice = Object.keys(entriesOf(template, 'Parameters')).find((name) => Object.hasOwn(resources, name));
  if (twice !== undefined) throw malformed(`"${twice}" is the name of a parameter and of a resource.`);
}

function checkDescription(description: unknown): void {
  if (description === undefined) return;
  if (typeof description !== 'string') throw malformed('Description is not a string.');
  const length = Buffer.byteLength(description);
  if (length > longestDescription) {
    throw malformed(`Description has ${length} bytes; it can have ${longestDescription}.`);
  }
}

function checkNames(section: string, entries: Readonly<Record<string, unknown>>): void {
  const wrong = Object.keys(entries).find((name) => !/^[a-z\d]{1,255}$/i.test(name));
  if (wrong !== undefined) throw malformed(`${section} name '${wrong}' is non alphanumeric.`);
}

function checkFields(section: string, entries: Readonly<Record<string, unknown>>, known: readonly string[]): void {
  for (const [name, entry] of Object.entries(entries)) {
    const unknown = Object.keys(Object(entry)).find((field) => !known.includes(field));
    if (unknown !== undefined) {
      throw malformed(`Invalid template ${section.toLowerCase().slice(0, -1)} property '${unknown}' of "${name}".`);
    }
  }
}

/** Fields of a parameter or an output that are texts, which no function makes. */
const texts = ['AllowedPattern', 'Condition', 'ConstraintDescription', 'Default', 'Description'];

/** A number or boolean becomes a text, as anywhere in a template. */
function checkTexts(entries: Readonly<Record<string, unknown>>): void {
  for (const [name, entry] of Object.entries(entries)) {
    const wrong = Object.entries(Object(entry)).find(
      ([field, value]) => texts.includes(field) && typeof value === 'object',
    );
    if (wrong !== undefined) throw malformed(`Every ${wrong[0]} member must be a string; that of "${name}" is not.`);
  }
}

function entriesOf(template: Readonly<Record<string, unknown>>, section: string): Readonly<Record<string, unknown>> {
  const entries = template[section];
  return isObject(entries) ? entries : {};
}

function malformed(message: string): TemplateError {
  return new TemplateError(`Template format error: ${message}`);
}
