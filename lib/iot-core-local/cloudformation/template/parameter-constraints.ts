import { TemplateError } from './template-error';

/**
 * The constraints of a parameter's declaration, as a function that throws in CloudFormation's words for a text that breaks one.
 *
 * @throws TemplateError if a constraint itself is wrong
 */
export function constraintsOf(
  name: string,
  type: string,
  declaration: Readonly<Record<string, unknown>>,
): (text: string) => void {
  const { AllowedValues, AllowedPattern, ConstraintDescription } = declaration;
  const allowed = AllowedValues === undefined ? undefined : listOf(name, AllowedValues);
  const pattern = AllowedPattern === undefined ? undefined : patternOf(name, AllowedPattern);
  const [minLength, maxLength, minValue, maxValue] = ['MinLength', 'MaxLength', 'MinValue', 'MaxValue'].map((key) =>
    numberOf(name, key, declaration[key]),
  );
  const refuse = (constraint: string): never => {
    throw new TemplateError(
      ConstraintDescription === undefined
        ? `Parameter '${name}' ${constraint}`
        : `Parameter ${name} failed to satisfy constraint: ${ConstraintDescription}`,
    );
  };
  const checkNumber = (text: string) => {
    const value = Number(text);
    if (text.trim() === '' || Number.isNaN(value)) refuse('must be a number');
    if (minValue !== undefined && value < minValue) refuse(`must be a number not less than ${minValue}`);
    if (maxValue !== undefined && value > maxValue) refuse(`must be a number not greater than ${maxValue}`);
  };
  return (text) => {
    const entries = entriesOf(type, text) ?? [text];
    if (allowed && entries.some((entry) => !allowed.includes(entry))) refuse('must be one of AllowedValues');
    if (pattern && entries.some((entry) => !pattern.test(entry))) refuse(`must match pattern ${AllowedPattern}`);
    if (minLength !== undefined && text.length < minLength) refuse(`must contain at least ${minLength} characters`);
    if (maxLength !== undefined && text.length > maxLength) refuse(`must contain at most ${maxLength} characters`);
    if (type === 'Number' || type === 'List<Number>') entries.forEach(checkNumber);
  };
}

/** The values of a parameter whose type has several, separated by commas; undefined if it has one. */
export function entriesOf(type: string, text: string): string[] | undefined {
  if (type !== 'CommaDelimitedList' && !type.startsWith('List<')) return undefined;
  return text.split(',').map((entry) => entry.trim());
}

function listOf(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.map(String);
  throw new TemplateError(`AllowedValues of the parameter "${name}" is not a list.`);
}

/** CloudFormation's patterns are Java's, and the whole value must match. One that JavaScript cannot read is refused. */
function patternOf(name: string, value: unknown): RegExp {
  try {
    return new RegExp(`^(?:${value})$`, 's');
  } catch {
    throw new TemplateError(`AllowedPattern of the parameter "${name}" cannot be read: ${value}`);
  }
}

function numberOf(name: string, key: string, value: unknown): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isNaN(number)) throw new TemplateError(`${key} of the parameter "${name}" is not a number.`);
  return number;
}
