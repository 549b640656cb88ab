import { functions } from './functions';
import { field, intrinsicCall, isObject } from './intrinsic-call';
import { TemplateError } from './template-error';

/** What the functions of a template look up. Each method throws a TemplateError for a name that has no value. */
export interface Scope {
  /** The part of the template whose value is wanted, for messages: `Thing`, or `the condition "IsProd"`. */
  readonly owner: string;
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapped(map: string, firstKey: string, secondKey: string): unknown;
  exported(name: string): string;
}

/** The value of `{ "Ref": "AWS::NoValue" }`: the property or list entry is left out. */
export const noValue = Symbol('AWS::NoValue');

/** Evaluates the intrinsic functions in a value of a template. */
export class Evaluator {
  constructor(readonly scope: Scope) {}

  /**
   * A value with every intrinsic function evaluated.
   *
   * @returns noValue if the value is to be left out
   * @throws TemplateError if a function is unknown, has a wrong argument, or a value is missing
   */
  value(source: unknown): unknown {
    if (typeof source === 'string') return this.literal(source);
    if (Array.isArray(source)) return source.map((entry) => this.value(entry)).filter((entry) => entry !== noValue);
    if (!isObject(source)) return source;
    const call = intrinsicCall(source);
    if (!call) {
      const entries = Object.entries(source).map(([key, entry]) => [key, this.value(entry)] as const);
      return Object.fromEntries(entries.filter(([, entry]) => entry !== noValue));
    }
    const evaluate = field(functions, call.name) as (typeof functions)[string] | undefined;
    if (!evaluate) return this.fail(`uses ${call.name}, which IoT Core Local does not evaluate`);
    return evaluate(call.argument, this);
  }

  /** A value that must be a text. A number or boolean becomes one. */
  text(source: unknown, what: string): string {
    const value = this.value(source);
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return String(value);
    return this.fail(`has an ${what} that is not a string`);
  }

  /** @throws TemplateError whose message begins with the owner */
  fail(message: string): never {
    throw new TemplateError(`${this.scope.owner} ${message}.`);
  }

  private literal(text: string): string {
    const reference = /\{\{resolve:[^}]*\}?\}?/.exec(text);
    if (reference) return this.fail(`has the dynamic reference ${reference[0]}, which IoT Core Local does not resolve`);
    return text;
  }
}
