import { isObject } from '../../../util/json';

/** `${!literal}` or `${name}`. */
const placeholder = /\$\{(?:!([^}]*)|([^}]*))\}/g;

/** The argument of Fn::Sub: a text, with or without variables of its own. */
export interface Substitution {
  readonly text: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** @returns undefined if the argument is not one of Fn::Sub */
export function substitutionIn(argument: unknown): Substitution | undefined {
  if (typeof argument === 'string') return { text: argument, variables: {} };
  if (!Array.isArray(argument) || argument.length !== 2) return undefined;
  const [text, variables] = argument;
  return typeof text === 'string' && isObject(variables) ? { text, variables } : undefined;
}

/** The names of the resources, attributes and parameters that a substitution refers to. */
export function namesIn({ text, variables }: Substitution): string[] {
  const names = Array.from(text.matchAll(placeholder), ([, , name]) => name);
  return names.filter((name) => name !== undefined && !Object.hasOwn(variables, name));
}

/** The text with each name replaced by its value, and each `${!literal}` by `${literal}`. */
export function substitute({ text }: Substitution, valueFor: (name: string) => string): string {
  return text.replace(placeholder, (_whole, literal?: string, name = '') =>
    literal === undefined ? valueFor(name) : `\${${literal}}`,
  );
}
