/** What the functions of a template look up. Each method throws a TemplateError for a name that has no value. */
export interface Scope {
  /** The part of the template whose value is wanted, for messages: `Thing`, or `the condition "IsProd"`. */
  readonly owner: string;
  ref(name: string): unknown;
  attribute(logicalId: string, name: string): unknown;
  condition(name: string): boolean;
  mapped(map: string, firstKey: string, secondKey: string): unknown;
  exported(name: string): string;
  /** An output of another stack, whether it is exported or not. */
  stackOutput(stackName: string, outputName: string): string;
}

/** The value of `{ "Ref": "AWS::NoValue" }`: the property or list entry is left out. */
export const noValue = Symbol('AWS::NoValue');

/** The evaluation of a value of a template, as its functions see it. */
export interface Evaluation {
  readonly scope: Scope;
  /** A value with every intrinsic function evaluated, or noValue. */
  value(source: unknown): unknown;
  /** A value that must be a text. A number or boolean becomes one. */
  text(source: unknown, what: string): string;
  /** @throws TemplateError whose message begins with the owner */
  fail(message: string): never;
}
