/** A statement of an IAM policy, as far as the project's policies use IAM's language. */
export interface IamStatement {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** What IAM decides about. A call of the API makes one or more of these. */
export interface IamRequest {
  readonly action: string;
  /** An ARN, a bare id, or `*` for an action without a resource. */
  readonly resource: string;
  /** The condition keys that the request has. */
  readonly keys?: Readonly<Record<string, string>>;
}

/**
 * Policies of `Allow` statements, evaluated as IAM does.
 *
 * It knows exact actions, the wildcards of resources, and ArnEquals with or without IfExists.
 *
 * @throws Error for a statement that uses more of IAM's language
 */
export class Rights {
  private readonly statements: readonly IamStatement[];

  constructor(statements: readonly IamStatement[]) {
    for (const { Effect, Action, Resource, Condition, ...rest } of statements) {
      if (Effect !== 'Allow' || Object.keys(rest).length > 0)
        throw new Error(`Not known: ${Effect} ${Object.keys(rest)}`);
      if (Resource === undefined) throw new Error('A statement needs a Resource.');
      for (const action of [Action].flat()) if (/[*?]/.test(String(action))) throw new Error(`Not known: ${action}`);
      for (const operator of Object.keys(Condition ?? {})) {
        if (!/^ArnEquals(IfExists)?$/.test(operator)) throw new Error(`Not known: ${operator}`);
      }
    }
    this.statements = statements;
  }

  allows(request: IamRequest): boolean {
    return this.statements.some((statement) => applies(statement, request));
  }

  /** Every action with every resource and every value of a condition that no request needs. */
  unused(requests: readonly IamRequest[]): string[] {
    return this.parts()
      .filter(({ statement }) => !requests.some((request) => applies(statement, request)))
      .map(({ name }) => name);
  }

  private parts(): { name: string; statement: IamStatement }[] {
    return this.statements.flatMap((statement) =>
      [statement.Action].flat().flatMap((Action) =>
        [statement.Resource].flat().flatMap((Resource) => {
          const conditions = Object.entries(statement.Condition ?? {}).flatMap(([operator, keys]) =>
            Object.entries(keys).flatMap(([key, values]) =>
              // Without IfExists, so that a request that lacks the key does not count as one that needs the value.
              [values].flat().map((value) => ({ [operator.replace('IfExists', '')]: { [key]: value } })),
            ),
          );
          const each = conditions.length > 0 ? conditions : [undefined];
          return each.map((Condition) => ({
            name: `${Action} ${Resource}${Condition ? ` ${JSON.stringify(Condition)}` : ''}`,
            statement: { Effect: 'Allow', Action: Action as string, Resource: Resource as string, Condition },
          }));
        }),
      ),
    );
  }
}

function applies(
  { Action, Resource, Condition = {} }: IamStatement,
  { action, resource, keys = {} }: IamRequest,
): boolean {
  return (
    [Action].flat().includes(action) &&
    [Resource].flat().some((pattern) => matches(String(pattern), resource)) &&
    Object.entries(Condition).every(([operator, conditions]) =>
      Object.entries(conditions).every(([key, values]) => {
        if (keys[key] === undefined) return operator.endsWith('IfExists');
        return [values].flat().some((pattern) => matches(String(pattern), keys[key]));
      }),
    )
  );
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
