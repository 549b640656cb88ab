import { validationError } from '../../cloudformation/cloudformation-error';

/**
 * The parameters of a request of AWS's query protocol: a form, in which `Tags.member.1.Key` is a field of the first entry of a list.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/making-api-requests.html
 */
export class QueryInput {
  private readonly fields: ReadonlyMap<string, string>;

  constructor(form: URLSearchParams | ReadonlyMap<string, string>) {
    this.fields = new Map(form);
  }

  /** The names of the parameters, without what follows the first dot. */
  get names(): ReadonlySet<string> {
    return new Set([...this.fields.keys()].map((name) => name.split('.', 1)[0]));
  }

  /** A parameter's value, or undefined if it is missing or empty. */
  text(name: string): string | undefined {
    return this.fields.get(name) || undefined;
  }

  /** @throws CloudFormationError ValidationError if the parameter is missing */
  required(name: string): string {
    const value = this.text(name);
    if (value !== undefined) return value;
    const member = name.charAt(0).toLowerCase() + name.slice(1);
    throw validationError(
      `1 validation error detected: Value null at '${member}' failed to satisfy constraint: Member must not be null`,
    );
  }

  /**
   * Whether a flag is true. Without a value, it is not.
   *
   * @throws CloudFormationError ValidationError if the value is neither true nor false
   */
  isTrue(name: string): boolean {
    const value = this.text(name)?.toLowerCase() ?? 'false';
    if (value === 'true' || value === 'false') return value === 'true';
    throw validationError(`${name} must be true or false, not "${this.text(name)}".`);
  }

  /** The values of a list of texts. */
  list(name: string): string[] {
    return this.entries(name).map((entry) => entry.fields.get('') ?? '');
  }

  /** The entries of a list of structures. */
  entries(name: string): QueryInput[] {
    const prefix = `${name}.member.`;
    const entries = new Map<number, Map<string, string>>();
    for (const [field, value] of this.fields) {
      if (!field.startsWith(prefix)) continue;
      const [index, ...path] = field.slice(prefix.length).split('.');
      const entry = entries.get(Number(index)) ?? new Map<string, string>();
      entries.set(Number(index), entry.set(path.join('.'), value));
    }
    return [...entries].sort(([a], [b]) => a - b).map(([, entry]) => new QueryInput(entry));
  }
}
