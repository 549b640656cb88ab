import { IotError } from './iot-error';
import { mask, unmask, wildcard } from './wildcard';

/** What a policy statement can be about a client of the message broker. */
export type IotAction = 'iot:Connect' | 'iot:Publish' | 'iot:RetainPublish' | 'iot:Subscribe' | 'iot:Receive';

/** The values of policy variables and condition keys for one connection; several values where a key has several, none where it has none. */
export type PolicyVariables = ReadonlyMap<string, readonly string[]>;

/** A policy document's size, white space left out. https://docs.aws.amazon.com/general/latest/gr/iot-core.html#security-limits */
const maximumDocumentSize = 2048;

/**
 * A policy of AWS IoT Core, read and checked.
 *
 * `*` stands for any characters, `?` for any one, and both cross `/`; `+` and `#` are characters like any other.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/pub-sub-policy.html
 */
export class PolicyDocument {
  /** @throws IotError MalformedPolicyException, saying what is wrong with the document */
  static parse(source: unknown): PolicyDocument {
    const text = typeof source === 'string' ? source : JSON.stringify(source);
    let document: unknown;
    try {
      document = JSON.parse(text);
    } catch {
      throw malformed('it is not JSON');
    }
    const size = JSON.stringify(document).replace(/\s/g, '').length;
    if (size > maximumDocumentSize) {
      throw malformed(`it has ${size} characters without white space, and AWS takes ${maximumDocumentSize}`);
    }
    const { Version, Statement, Id: _id, ...unknownKeys } = object(document, 'the document');
    refuseUnknown(unknownKeys, 'the document');
    if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
      throw malformed(`its Version is ${JSON.stringify(Version)}`);
    }
    if (Statement === undefined) throw malformed('it has no Statement');
    const statements = [Statement].flat().map((statement, index) => PolicyStatement.parse(statement, index));
    return new PolicyDocument(text, statements);
  }

  private constructor(
    /** The document as it was given. */
    readonly text: string,
    readonly statements: readonly PolicyStatement[],
  ) {}
}

/** One statement of a policy. */
export class PolicyStatement {
  static parse(source: unknown, index: number): PolicyStatement {
    const where = `statement ${index + 1}`;
    const { Sid: _sid, Effect, Action, Resource, Condition, ...unknownKeys } = object(source, where);
    refuseUnknown(unknownKeys, where);
    if (Effect !== 'Allow' && Effect !== 'Deny') {
      throw malformed(`${where} has the Effect ${JSON.stringify(Effect)}, not "Allow" or "Deny"`);
    }
    return new PolicyStatement(
      index,
      Effect,
      strings(Action, `the Action of ${where}`).map((pattern) => wildcard(pattern.toLowerCase())),
      strings(Resource, `the Resource of ${where}`),
      conditions(Condition, where),
    );
  }

  private constructor(
    /** Its place in the document, from 0. */
    readonly index: number,
    readonly effect: 'Allow' | 'Deny',
    private readonly actions: readonly ((lowerCase: string) => boolean)[],
    private readonly resources: readonly string[],
    private readonly conditions: readonly Condition[],
  ) {}

  /** The statement as it applies to one connection, or undefined where its conditions keep it from applying. */
  bind(variables: PolicyVariables): BoundStatement | undefined {
    if (!this.conditions.every((condition) => condition(variables))) return undefined;
    const resources = this.resources.map((resource) => wildcard(substitute(resource, variables)));
    return {
      index: this.index,
      effect: this.effect,
      matches: (action, resource) =>
        this.actions.some((fits) => fits(action.toLowerCase())) && resources.some((fits) => fits(resource)),
    };
  }
}

export interface BoundStatement {
  readonly index: number;
  readonly effect: 'Allow' | 'Deny';
  matches(action: IotAction, resource: string): boolean;
}

type Condition = (variables: PolicyVariables) => boolean;

/** The condition operators that AWS's own examples of IoT policies use; any other is refused by name. */
const operators: Record<string, (actual: string, expected: string) => boolean> = {
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringEquals: (actual, expected) => actual === unmask(expected),
  StringLike: (actual, expected) => wildcard(expected)(actual),
};

const negatedOperators: Record<string, keyof typeof operators> = {
  StringNotEquals: 'StringEquals',
  StringNotLike: 'StringLike',
};

function conditions(source: unknown, where: string): Condition[] {
  if (source === undefined) return [];
  return Object.entries(object(source, `the Condition of ${where}`)).flatMap(([name, tests]) =>
    Object.entries(object(tests, `${name} of ${where}`)).map(([key, values]) =>
      condition(name, key, [values].flat().map(String), where),
    ),
  );
}

/** The set qualifiers follow IAM: ForAllValues holds for no values at all, ForAnyValue does not. */
function condition(name: string, key: string, expected: readonly string[], where: string): Condition {
  const [, qualifier, operator] = /^(?:(ForAllValues|ForAnyValue):)?(\w+)$/.exec(name) ?? [];
  const test = operators[negatedOperators[operator] ?? operator];
  if (!test) throw malformed(`the condition operator "${name}" of ${where} is not one that IoT Core Local knows`);
  const negated = operator in negatedOperators;
  return (variables) => {
    const actual = variables.get(key) ?? [];
    const holds = (value: string) =>
      expected.some((pattern) => test(value, substitute(pattern, variables))) !== negated;
    if (qualifier === 'ForAllValues') return actual.every(holds);
    if (qualifier === undefined && actual.length === 0) return negated;
    return actual.some(holds);
  };
}

/**
 * A pattern with its policy variables filled in. A value's own `*` and `?` must not turn into wildcards, so they are masked for
 * {@link wildcard}; a variable without a value leaves its name, which no resource has.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html
 */
function substitute(pattern: string, variables: PolicyVariables): string {
  return pattern.replace(/\$\{([^}]*)\}/g, (whole, name: string) => {
    if (name === '*' || name === '?' || name === '$') return mask(name);
    const values = variables.get(name);
    return values?.length === 1 ? mask(values[0]) : mask(whole);
  });
}

function object(value: unknown, what: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw malformed(`${what} is not an object`);
  return value as Record<string, unknown>;
}

function strings(value: unknown, what: string): string[] {
  const list = [value].flat();
  if (list.length === 0 || !list.every((entry) => typeof entry === 'string')) {
    throw malformed(`${what} is not a string or a list of strings`);
  }
  return list;
}

function refuseUnknown(rest: Record<string, unknown>, where: string): void {
  const [key] = Object.keys(rest);
  if (key !== undefined) throw malformed(`${where} has "${key}", which AWS IoT Core does not know`);
}

function malformed(reason: string): IotError {
  return new IotError('MalformedPolicyException', `The policy document is malformed: ${reason}.`);
}
