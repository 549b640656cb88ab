/** A call of an intrinsic function: an object with one key, such as `{ "Ref": "Thing" }`. */
export interface IntrinsicCall {
  /** `Ref` or `Fn::…`. */
  readonly name: string;
  readonly argument: unknown;
}

/** The call that a value is, or undefined if it is a plain object. */
export function intrinsicCall(value: Readonly<Record<string, unknown>>): IntrinsicCall | undefined {
  const [name, ...more] = Object.keys(value);
  if (name === undefined || more.length > 0 || !(name === 'Ref' || name.startsWith('Fn::'))) return undefined;
  return { name, argument: value[name] };
}

/** An own field of an object, or undefined. A template may use any name, such as `constructor`. */
export function field(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
