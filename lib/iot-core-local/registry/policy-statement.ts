import { closest, didYouMean } from '../../util/closest';
import { repeated } from '../../util/repeated';
import { Condition, every, type TruthValue } from './condition';
import { operatorNames, readOperator } from './condition-operators';
import { type IotAction, isPolicyAction, policyActions } from './policy-actions';
import type { PolicyContext } from './policy-context';
import { canonicalKey, isPolicyKey, isPolicyVariable, policyKeys } from './policy-keys';
import { PolicyPattern } from './policy-pattern';
import { MalformedPolicy, object, strings } from './policy-source';
import { wildcard } from './wildcard';

/** What a statement's Action or NotAction, Resource or NotResource has. */
interface Patterns<T> {
  readonly patterns: readonly T[];
  /** Whether it matches everything but its patterns: NotAction, NotResource. */
  readonly isNegated: boolean;
}

/** One statement of a policy. */
export class PolicyStatement {
  /** @throws MalformedPolicy saying what AWS would refuse */
  static parse(source: unknown, index: number): PolicyStatement {
    return new PolicyStatement(object(source, `statement ${index + 1}`), index);
  }

  readonly effect: 'Allow' | 'Deny';

  /** @default - none */
  readonly sid?: string;

  /**
   * What IoT Core Local does not know of the statement, as in `the condition key "iot:X"`. An Allow that has any never applies. A Deny
   * applies whatever the unknown part says.
   */
  readonly unknown: readonly string[];

  /** Actions that AWS IoT does not have, each with the one that is most likely meant: a sentence. */
  readonly warnings: readonly string[];

  private readonly actions: Patterns<(lowerCase: string) => boolean>;
  private readonly resources: Patterns<PolicyPattern>;
  private readonly conditions: readonly Condition[];

  private constructor(
    source: Record<string, unknown>,
    /** Its place in the document, from 0. */
    readonly index: number,
  ) {
    const where = `statement ${index + 1}`;
    const { Sid, Effect, Action, NotAction, Resource, NotResource, Condition: conditions, ...others } = source;
    if (Effect === undefined) throw new MalformedPolicy(`${where} has no Effect`);
    if (Effect !== 'Allow' && Effect !== 'Deny') {
      throw new MalformedPolicy(`${where} has the Effect ${JSON.stringify(Effect)}, not "Allow" or "Deny"`);
    }
    this.effect = Effect;
    if (Sid !== undefined && typeof Sid !== 'string') throw new MalformedPolicy(`the Sid of ${where} is not a string`);
    this.sid = Sid;
    const unknown = Object.keys(others).map((name) => `the element "${name}"`);
    const actions = eitherOf({ Action, NotAction }, where);
    const resources = eitherOf({ Resource, NotResource }, where);
    const invalid = resources.patterns.find((text) => text !== '*' && !text.startsWith('arn:'));
    if (invalid !== undefined) {
      // In AWS's words: https://github.com/awsdocs/aws-iot-docs/pull/46
      throw new MalformedPolicy(`the resource ${JSON.stringify(invalid)} of ${where} is not in valid ARN format`);
    }
    this.warnings = actions.patterns
      .filter((action) => !isPolicyAction(action))
      .map((action) => `AWS IoT policies have no action "${action}".${didYouMean(action, policyActions)}`);
    this.actions = { ...actions, patterns: actions.patterns.map((action) => wildcard(action.toLowerCase())) };
    // A Deny is then about every resource.
    const instead = resources.isNegated ? [] : [new PolicyPattern('*')];
    this.resources = { ...resources, patterns: readPatterns(resources.patterns, instead, unknown, where) };
    this.conditions = readConditions(conditions, unknown, where);
    this.unknown = unknown;
  }

  /** Whether the statement decides about a request. */
  applies(action: IotAction, resource: string, context: PolicyContext): boolean {
    if (!this.matchesAction(action)) return false;
    if (this.unknown.length > 0 && this.effect === 'Allow') return false;
    const truth = every(
      new Set([
        this.matchesResource(resource, context),
        ...this.conditions.map((condition) => condition.evaluate(context)),
      ]),
    );
    return this.effect === 'Allow' ? truth === true : truth !== false;
  }

  /**
   * Says why the statement, an Allow, does not apply to a request that it is about.
   *
   * @returns undefined if it is about other actions or resources
   */
  explain(action: IotAction, resource: string, context: PolicyContext): string | undefined {
    if (!this.matchesAction(action)) return undefined;
    if (this.unknown.length > 0) return `IoT Core Local does not know ${this.unknown.join(' or ')}`;
    if (this.matchesResource(resource, context) !== true) {
      const unresolved = this.resources.patterns.flatMap((pattern) => pattern.unresolved(resource, context));
      if (unresolved.length === 0) return undefined;
      return [...new Set(unresolved.map(({ name, reason }) => `\${${name}} has no value, as ${reason}`))].join(
        ', and ',
      );
    }
    const failed = this.conditions.filter((condition) => condition.evaluate(context) !== true);
    return failed.map((condition) => condition.explain(context)).join(', and ');
  }

  /** Why a Deny applies though a condition of it cannot be decided: a clause, or nothing. */
  explainDenial(context: PolicyContext): string {
    const undecided = this.conditions.filter((condition) => condition.evaluate(context) === undefined);
    return undecided.map((condition) => `: ${condition.explain(context)}`).join('');
  }

  private matchesAction(action: IotAction): boolean {
    return this.actions.patterns.some((matches) => matches(action.toLowerCase())) !== this.actions.isNegated;
  }

  private matchesResource(resource: string, context: PolicyContext): TruthValue {
    const { patterns, isNegated } = this.resources;
    const matches = patterns.map((pattern) => pattern.matches(resource, context));
    if (matches.includes(true)) return !isNegated;
    // A variable without a value matches nothing. Whether NotResource then excludes nothing, AWS does not say.
    return isNegated ? (matches.includes(undefined) ? undefined : true) : false;
  }
}

/** The one of an element and its opposite that a statement has. */
function eitherOf(elements: Record<string, unknown>, where: string): Patterns<string> {
  const [[name, value], [opposite, oppositeValue]] = Object.entries(elements);
  if (value !== undefined && oppositeValue !== undefined) {
    throw new MalformedPolicy(`${where} has both ${name} and ${opposite}`);
  }
  if (oppositeValue !== undefined) {
    return { patterns: strings(oppositeValue, `the ${opposite} of ${where}`), isNegated: true };
  }
  return { patterns: strings(value, `the ${name} of ${where}`), isNegated: false };
}

/** Reads texts with variables. Those with an unknown variable become `instead`. */
function readPatterns(
  sources: readonly string[],
  instead: readonly PolicyPattern[],
  unknown: string[],
  where: string,
): PolicyPattern[] {
  return sources.flatMap((source) => {
    const pattern = readPattern(source, where);
    const unknownVariables = pattern.variables.filter((name) => !isPolicyVariable(name));
    const unclear = unknownVariables.map((name) => `the policy variable "\${${name}}"${hint(name, policyKeys)}`);
    // https://docs.aws.amazon.com/iot/latest/developerguide/iot-policy-variables.html writes it so, and no other page does.
    const [escaped] = /\$\([*?$]\)/.exec(source) ?? [];
    if (escaped) unclear.push(`"${escaped}", which IAM writes as "${escaped.replace('(', '{').replace(')', '}')}",`);
    unknown.push(...unclear);
    return unclear.length > 0 ? instead : [pattern];
  });
}

function readPattern(source: string, where: string): PolicyPattern {
  try {
    return new PolicyPattern(source);
  } catch (error) {
    throw new MalformedPolicy(`${where} ${(error as Error).message}`);
  }
}

/** Reads the conditions that IoT Core Local knows, and lists what it does not know. */
function readConditions(source: unknown, unknown: string[], where: string): Condition[] {
  if (source === undefined) return [];
  return Object.entries(object(source, `the Condition of ${where}`)).flatMap(([name, tests]) => {
    const operator = readOperator(name);
    if (!operator) unknown.push(`the condition operator "${name}"${hint(name, operatorNames)}`);
    const entries = Object.entries(object(tests, `${name} of ${where}`));
    if (entries.length === 0) unknown.push(`the condition operator "${name}" without a key`);
    // IAM's own check calls it an error: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
    const twice = repeated(entries.map(([key]) => canonicalKey(key)));
    if (twice !== undefined) throw new MalformedPolicy(`${name} of ${where} has the key "${twice}" twice`);
    return entries.flatMap(([key, value]) => {
      const known = unknown.length;
      const values = conditionValues(value, `${key} in the Condition of ${where}`);
      const patterns = readPatterns(values, [], unknown, where);
      // AWS's page connect-policy has it with ForAllValues alone. IAM Access Analyzer says that it does not affect a policy.
      if (values.length === 0 && operator?.qualifier !== 'forallvalues') {
        unknown.push(`an empty list of values, as of ${key} in ${name}`);
      }
      if (!isPolicyKey(key)) unknown.push(`the condition key "${key}"${hint(key, policyKeys)}`);
      if (!operator || unknown.length > known) return [];
      const { what, test } = operator.expects ?? {};
      const wrong = patterns.find(({ source: text, variables }) => variables.length === 0 && test?.(text) === false);
      if (wrong) throw new MalformedPolicy(`${key} in ${name} of ${where} has "${wrong.source}", not ${what}`);
      return [new Condition(name, operator, key, patterns)];
    });
  });
}

function conditionValues(value: unknown, what: string): string[] {
  const values = [value].flat();
  if (values.every((entry) => ['string', 'number', 'boolean'].includes(typeof entry))) return values.map(String);
  throw new MalformedPolicy(`${what} is not a text, a number, a boolean or a list of them`);
}

/** Where a name is close to a known one, or is left over from an `Fn::Sub`. */
function hint(name: string, known: readonly string[]): string {
  if (name.startsWith('!')) return ' ("${!" is right in an Fn::Sub only)';
  const candidate = closest(name, known);
  return candidate === undefined ? '' : ` (did you mean "${candidate}"?)`;
}
