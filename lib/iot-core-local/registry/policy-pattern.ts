import type { PolicyContext } from './policy-context';
import { mask, wildcard } from './wildcard';

/** A part of a pattern: text with its wildcards, or the name of a policy variable. */
type Part = { readonly text: string } | { readonly variable: string };

/**
 * A text of a policy with wildcards and policy variables, as in `topic/${iot:ClientId}/*`.
 *
 * A variable's value has no wildcards: a client must not widen its rights by what it calls itself.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html
 */
export class PolicyPattern {
  private readonly parts: readonly Part[];
  /** What the pattern matches if it has no variables, which is compiled once. */
  private readonly fixed?: (text: string) => boolean;

  /** @throws SyntaxError if a `${` is not closed, or if there is a U+0000 */
  constructor(readonly source: string) {
    if (source.includes('\u0000')) throw new SyntaxError('has the character U+0000');
    this.parts = partsOf(source);
    if (this.variables.length === 0) this.fixed = wildcard(this.resolveWith(() => undefined)!);
  }

  /** The names of its policy variables, without `${*}`, `${?}` and `${$}`. */
  get variables(): string[] {
    return this.parts.flatMap((part) => ('variable' in part ? [part.variable] : []));
  }

  /** The pattern for {@link wildcard} with its variables filled in, or undefined if one of them has no value. */
  resolve(context: PolicyContext): string | undefined {
    return this.resolveWith((name) => context.variable(name).value);
  }

  /** Whether a text matches; undefined if a variable has no value, and so nothing matches. */
  matches(text: string, context: PolicyContext): boolean | undefined {
    if (this.fixed) return this.fixed(text);
    const resolved = this.resolve(context);
    return resolved === undefined ? undefined : wildcard(resolved)(text);
  }

  /** The variables that have no value, each with the reason; none if the text does not match whatever their values are. */
  unresolved(text: string, context: PolicyContext): { name: string; reason: string }[] {
    const filled = this.parts.map((part) => {
      const value = 'variable' in part ? context.variable(part.variable).value : undefined;
      if ('text' in part) return part.text;
      return value === undefined ? '*' : mask(value);
    });
    if (!wildcard(filled.join(''))(text)) return [];
    return this.variables.flatMap((name) => {
      const { value, absence } = context.variable(name);
      return value === undefined ? [{ name, reason: absence }] : [];
    });
  }

  private resolveWith(find: (name: string) => string | undefined): string | undefined {
    let resolved = '';
    for (const part of this.parts) {
      if ('text' in part) {
        resolved += part.text;
      } else {
        const value = find(part.variable);
        if (value === undefined) return undefined;
        resolved += mask(value);
      }
    }
    return resolved;
  }
}

function partsOf(source: string): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (let start = source.indexOf('${'); start !== -1; start = source.indexOf('${', at)) {
    const end = source.indexOf('}', start);
    if (end === -1) throw new SyntaxError(`has a "\${" without its "}" in "${source}"`);
    const name = source.slice(start + 2, end);
    parts.push({ text: source.slice(at, start) });
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html#policy-vars-specialchars
    parts.push(name === '*' || name === '?' || name === '$' ? { text: mask(name) } : { variable: name });
    at = end + 1;
  }
  parts.push({ text: source.slice(at) });
  return parts;
}
