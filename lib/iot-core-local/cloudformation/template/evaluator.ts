import { isObject } from '../../../util/json';
import { functions } from './functions';
import { field, intrinsicCall } from './intrinsic-call';
import { type Evaluation, noValue, type Scope } from './scope';
import { TemplateError } from './template-error';

/** Evaluates the intrinsic functions in a value of a template. */
export class Evaluator implements Evaluation {
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
