import { isObject } from '../../util/json';
import { repeated } from '../../util/repeated';
import { wildcard } from '../registry/wildcard';
import type { AccessRequest } from './access-request';
import { IamCondition } from './iam-condition';
import { malformedPolicy } from './iam-error';
import { resourcePattern } from './resource-pattern';

/** The elements of a statement of an identity policy. Principal is for policies of resources. */
const elements = ['Sid', 'Effect', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'];

/** The services whose actions IoT Core Local decides about. */
const ownServices = ['cloudformation', 'iam', 'iot', 'lambda', 'logs', 'sts'];

type Test = (text: string) => boolean;

/** A statement of an identity policy. */
export class IamStatement {
  /**
   * Reads a statement. Where it is about actions of other services alone, its resources and conditions are not read, and it never applies.
   *
   * @throws IamError MalformedPolicyDocument that names what is wrong or not known
   * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html
   */
  static parse(source: unknown): IamStatement {
    if (!isObject(source)) throw malformedPolicy('A statement is an object.');
    const unknown = Object.keys(source).find((name) => !elements.includes(name));
    if (unknown !== undefined) throw malformedPolicy(`A statement has no element "${unknown}".`);
    const { Effect } = source;
    if (Effect !== 'Allow' && Effect !== 'Deny') {
      throw malformedPolicy(`Effect is Allow or Deny, not ${JSON.stringify(Effect)}.`);
    }
    const [actions, covers] = eitherOf(source, 'Action', actionPattern);
    const isForeign = 'Action' in source && actions.every(isOfOtherService);
    // What is unsure of a pattern denies.
    const crossesParts = (Effect === 'Deny') === 'Resource' in source;
    const patternOf = (text: string) => resourcePattern(text, crossesParts);
    const [, fits] = eitherOf(source, 'Resource', isForeign ? () => () => false : patternOf);
    const conditions = isForeign ? [] : conditionsOf(source.Condition);
    return new IamStatement(source, isForeign ? () => false : covers, fits, conditions);
  }

  private constructor(
    /** As the policy has it. */
    readonly source: Readonly<Record<string, unknown>>,
    private readonly coversAction: Test,
    private readonly fitsResource: Test,
    private readonly conditions: readonly IamCondition[],
  ) {}

  get isDeny(): boolean {
    return this.source.Effect === 'Deny';
  }

  applies(request: AccessRequest): boolean {
    return this.isAbout(request) && this.conditions.every((condition) => condition.holds(request));
  }

  /** Why it does not apply though it is about this action on this resource: a clause; undefined if it is not about them. */
  whyNot(request: AccessRequest): string | undefined {
    if (!this.isAbout(request)) return undefined;
    return this.conditions.find((condition) => !condition.holds(request))?.explain(request);
  }

  private isAbout({ action, resource }: AccessRequest): boolean {
    return this.coversAction(action.toLowerCase()) && this.fitsResource(resource);
  }
}

/** An element or its opposite, of which there must be exactly one: its texts, and a test of them together. */
function eitherOf(
  statement: Readonly<Record<string, unknown>>,
  name: 'Action' | 'Resource',
  patternOf: (text: string) => Test,
): [texts: string[], test: Test] {
  const opposite = `Not${name}`;
  if (name in statement === opposite in statement) {
    throw malformedPolicy(`A statement needs either ${name} or ${opposite}.`);
  }
  const value = statement[name] ?? statement[opposite];
  const texts = [value].flat();
  if (texts.length === 0 || !texts.every((text) => typeof text === 'string')) {
    throw malformedPolicy(`${name in statement ? name : opposite} is a text, or a list of texts.`);
  }
  const tests = texts.map(patternOf);
  const isOne: Test = (text) => tests.some((test) => test(text));
  return [texts, name in statement ? isOne : (text) => !isOne(text)];
}

/** The names of actions are not case-sensitive. */
function actionPattern(text: string): Test {
  if (text !== '*' && !/^[a-z0-9-]+:[a-z0-9*?]+$/i.test(text)) {
    throw malformedPolicy(`"${text}" is not an action of IAM.`);
  }
  return wildcard(text.toLowerCase());
}

function isOfOtherService(action: string): boolean {
  return action !== '*' && !ownServices.includes(action.split(':', 1)[0].toLowerCase());
}

function conditionsOf(block: unknown = {}): IamCondition[] {
  if (!isObject(block)) throw malformedPolicy('Condition is an object.');
  return Object.entries(block).flatMap(([operator, tests]) => {
    // Without a key the statement would be unconditional.
    const entries = isObject(tests) ? Object.entries(tests) : [];
    if (entries.length === 0) throw malformedPolicy(`The condition operator "${operator}" has no key.`);
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-reference-policy-checks.html
    const twice = repeated(entries.map(([key]) => key.toLowerCase()));
    if (twice !== undefined) {
      throw malformedPolicy(`The condition operator "${operator}" has the key "${twice}" twice.`);
    }
    return entries.map(([key, values]) => IamCondition.parse(operator, key, values));
  });
}
