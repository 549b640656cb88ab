import { isObject } from '../../../util/json';

/**
 * A property that must be a text. CloudFormation makes a text of a number or boolean.
 *
 * @throws Error that names the property
 */
export function textProperty(value: unknown, property: string): string {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (typeof value !== 'string') throw new Error(`${property} must be a string; it is ${JSON.stringify(value)}.`);
  return value;
}

/**
 * A property that must be one of some values.
 *
 * @throws Error that names the property and the values
 */
export function enumProperty<T>(values: readonly T[], value: unknown, property: string): T {
  const known = values.find((candidate) => candidate === value);
  if (known === undefined) throw new Error(`${property} is one of ${values.join(', ')}, not ${JSON.stringify(value)}.`);
  return known;
}

/** The texts of a property that is a list of texts, or one text; none if it is missing. */
export function textsIn(value: unknown = []): string[] {
  return [value].flat().map(String);
}

/**
 * A property that must be an object.
 *
 * @throws Error that names the property
 */
export function objectProperty(value: unknown, property: string): Readonly<Record<string, unknown>> {
  if (isObject(value)) return value;
  throw new Error(`${property} must be an object; it is ${JSON.stringify(value)}.`);
}
