/**
 * A second evaluator of policies, as plain as can be, to hold the first against.
 *
 * It follows IAM's evaluation logic. Where AWS's pages leave something open, it takes every reading: an Allow must apply in all of them, and
 * one in which a Deny applies is enough.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html
 */

/** What a reading of the rules can give: true, false, or either of them. */
type Readings = ReadonlySet<boolean>;

const yes: Readings = new Set([true]);
const no: Readings = new Set([false]);
const either: Readings = new Set([true, false]);

/** The values of every key in the request, by key in lower case. A key that is not there has no values. */
export interface PlainContext {
  readonly values: Readonly<Record<string, readonly string[]>>;
  /** Keys that AWS may take for absent. */
  readonly uncertain: readonly string[];
  /** Every key that is known, in lower case. */
  readonly known: readonly string[];
  /** Keys that fill in no variable. */
  readonly unusable: readonly string[];
}

export interface PlainStatement {
  readonly Effect: string;
  readonly Action?: readonly string[];
  readonly NotAction?: readonly string[];
  readonly Resource?: readonly string[];
  readonly NotResource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
}

export interface PlainRequest {
  readonly action: string;
  readonly resource: string;
}

/** Whether the statements allow a request. */
export function isAllowed(
  statements: readonly PlainStatement[],
  request: PlainRequest,
  context: PlainContext,
): boolean {
  const of = (effect: string) => statements.filter(({ Effect }) => Effect === effect);
  if (of('Deny').some((statement) => readings(statement, request, context).has(true))) return false;
  return of('Allow').some((statement) => !readings(statement, request, context).has(false));
}

function readings(statement: PlainStatement, { action, resource }: PlainRequest, context: PlainContext): Readings {
  const isDeny = statement.Effect === 'Deny';
  // What nobody knows may be anything, so an Allow never applies; in a Deny it is taken to hold.
  const unknown = isDeny ? yes : no;
  if (!isDeny && !isKnown(statement, context)) return no;
  const all: Readings[] = [];
  const { Action, NotAction, Resource, NotResource } = statement;
  const fitsAction = (pattern: string) => like(lettersOf(pattern.toLowerCase()), action.toLowerCase());
  if (Action) all.push(Action.some(fitsAction) ? yes : no);
  if (NotAction) all.push(NotAction.some(fitsAction) ? no : yes);
  const fits = (pattern: string) => {
    if (!hasKnownVariables(pattern, context)) return Resource ? unknown : no;
    const letters = fill(pattern, context);
    return letters ? (like(letters, resource) ? yes : no) : undefined;
  };
  if (Resource) all.push(Resource.some((pattern) => fits(pattern)?.has(true)) ? yes : no);
  if (NotResource) {
    const outcomes = NotResource.map(fits);
    all.push(outcomes.includes(yes) ? no : outcomes.includes(undefined) ? either : yes);
  }
  for (const [operator, tests] of Object.entries(statement.Condition ?? {})) {
    for (const [key, expected] of Object.entries(tests)) {
      const isClear = isKnownCondition(operator, key, expected, context);
      all.push(isClear ? conditionReadings(operator, key, expected, context) : unknown);
    }
  }
  return and(all);
}

function isKnown({ Resource = [], NotResource = [], Condition = {} }: PlainStatement, context: PlainContext): boolean {
  const conditions = Object.entries(Condition).flatMap(([operator, tests]) =>
    Object.entries(tests).map(([key, expected]) => isKnownCondition(operator, key, expected, context)),
  );
  return [...Resource, ...NotResource].every((text) => hasKnownVariables(text, context)) && conditions.every(Boolean);
}

function isKnownCondition(operator: string, key: string, expected: readonly string[], context: PlainContext): boolean {
  const { name, set } = parseOperator(operator);
  const known = [...Object.keys(tests), ...Object.keys(negated), 'null'];
  const hasVariables = expected.every((text) => hasKnownVariables(text, context));
  // AWS shows an empty list with ForAllValues alone.
  if (expected.length === 0 && set !== 'forallvalues') return false;
  return known.includes(name) && context.known.includes(key.toLowerCase()) && hasVariables;
}

function parseOperator(operator: string) {
  const [first, second] = operator.toLowerCase().split(':');
  const name = second ?? first;
  const ifExists = name.endsWith('ifexists');
  return { set: second && first, name: ifExists ? name.slice(0, -'ifexists'.length) : name, ifExists };
}

function conditionReadings(
  operator: string,
  key: string,
  expected: readonly string[],
  context: PlainContext,
): Readings {
  const name = key.toLowerCase();
  const present = conditionOn(operator, context.values[name] ?? [], expected, context);
  if (!context.uncertain.includes(name)) return present;
  return new Set([...present, ...conditionOn(operator, [], expected, context)]);
}

function conditionOn(
  operator: string,
  actual: readonly string[],
  expected: readonly string[],
  context: PlainContext,
): Readings {
  const { set, name, ifExists } = parseOperator(operator);
  if (name === 'null') return compare('stringequalsignorecase', String(actual.length === 0), expected, context);
  if (actual.length === 0) {
    if (ifExists || set === 'forallvalues') return yes;
    if (set === 'foranyvalue') return no;
    return name in negated ? yes : no;
  }
  const each = actual.map((value) => compare(name, value, expected, context));
  if (set === 'forallvalues') return and(each);
  if (set === 'foranyvalue') return or(each);
  return new Set([...and(each), ...or(each)]);
}

/** One value of the request against the values of the policy: any of them may fit; none of them, if the operator is negated. */
function compare(name: string, value: string, expected: readonly string[], context: PlainContext): Readings {
  const test = tests[negated[name] ?? name];
  const outcomes = expected.map((text) => {
    const letters = fill(text, context);
    return letters && test(value, letters);
  });
  const fits = outcomes.includes(true);
  if (!(name in negated)) return fits ? yes : no;
  if (fits) return no;
  // Whether something is different from what has no value, or from what is no number, the pages do not say.
  return outcomes.includes(undefined) ? either : yes;
}

/** A character of a policy's text, and whether it is one of the policy's own, which can be a wildcard. */
interface Letter {
  readonly character: string;
  readonly isOwn: boolean;
}

type Test = (actual: string, expected: readonly Letter[]) => boolean | undefined;

const textOf = (letters: readonly Letter[]) => letters.map(({ character }) => character).join('');

function number(test: (a: number, b: number) => boolean): Test {
  return (actual, expected) => {
    const [a, b] = [actual, textOf(expected)].map((text) => (/^[+-]?[\d.]+$/.test(text) ? Number(text) : Number.NaN));
    return Number.isNaN(a) || Number.isNaN(b) ? undefined : test(a, b);
  };
}

const tests: Readonly<Record<string, Test>> = {
  stringequals: (actual, expected) => actual === textOf(expected),
  stringequalsignorecase: (actual, expected) => actual.toLowerCase() === textOf(expected).toLowerCase(),
  stringlike: (actual, expected) => like(expected, actual),
  numericequals: number((a, b) => a === b),
  numericlessthan: number((a, b) => a < b),
  numericlessthanequals: number((a, b) => a <= b),
  numericgreaterthan: number((a, b) => a > b),
  numericgreaterthanequals: number((a, b) => a >= b),
  bool: (actual, expected) => actual.toLowerCase() === textOf(expected).toLowerCase(),
  ipaddress: (actual, expected) => isInRange(actual, textOf(expected)),
  arnequals: isArnLike,
  arnlike: isArnLike,
};

const negated: Readonly<Record<string, string>> = {
  stringnotequals: 'stringequals',
  stringnotequalsignorecase: 'stringequalsignorecase',
  stringnotlike: 'stringlike',
  numericnotequals: 'numericequals',
  notipaddress: 'ipaddress',
  arnnotequals: 'arnequals',
  arnnotlike: 'arnlike',
};

function isArnLike(actual: string, expected: readonly Letter[]): boolean {
  const parts: Letter[][] = [[]];
  for (const letter of expected) {
    if (letter.isOwn && letter.character === ':' && parts.length < 6) parts.push([]);
    else parts.at(-1)!.push(letter);
  }
  const [a, b, c, d, e, ...rest] = actual.split(':');
  if (parts.length < 6 || rest.length === 0) return false;
  return [a, b, c, d, e, rest.join(':')].every((part, index) => like(parts[index], part));
}

/** An address against a range. Both are numbers; the first bits of both must be the same. */
function isInRange(address: string, range: string): boolean | undefined {
  const [base, bits] = range.split('/');
  const [a, b] = [addressBits(address), addressBits(base)];
  if (!a || !b) return undefined;
  const length = bits === undefined ? b.length : Number(bits);
  return a.length === b.length && a.slice(0, length) === b.slice(0, length);
}

function addressBits(address: string): string | undefined {
  if (/^(\d{1,3}\.){3}\d{1,3}$/.test(address)) {
    return address
      .split('.')
      .map((part) => Number(part).toString(2).padStart(8, '0'))
      .join('');
  }
  const halves = address.split('::').map((half) => half.split(':').filter((part) => part !== ''));
  const [head, tail] = halves;
  const count = head.length + (tail?.length ?? 0);
  const isWhole = tail ? count < 8 && halves.length === 2 : count === 8;
  if (!/^[\da-f:]+$/.test(address) || !isWhole) return undefined;
  const middle = Array.from({ length: 8 - count }, () => '0');
  return [...head, ...middle, ...(tail ?? [])]
    .map((part) => Number.parseInt(part, 16).toString(2).padStart(16, '0'))
    .join('');
}

/** `*` and `?` of the policy's own are wildcards. */
function like(pattern: readonly Letter[], text: string): boolean {
  const source = pattern.map(({ character, isOwn }) => {
    if (isOwn && character === '*') return '[^]*';
    if (isOwn && character === '?') return '[^]';
    return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
  });
  return new RegExp(`^${source.join('')}$`, 'u').test(text);
}

const variable = /\$\{([^}]*)\}/g;

function hasKnownVariables(text: string, { known }: PlainContext): boolean {
  const single = known.filter((name) => !/connectattributes|availablekeys|\.list$/.test(name));
  return Array.from(text.matchAll(variable), ([, name]) => name).every(
    (name) => ['*', '?', '$'].includes(name) || single.includes(name.toLowerCase()),
  );
}

const lettersOf = (text: string, isOwn = true): Letter[] => Array.from(text, (character) => ({ character, isOwn }));

/** A text with its variables replaced, or undefined if one of them has no value. */
function fill(text: string, { values, unusable }: PlainContext): Letter[] | undefined {
  const letters: Letter[] = [];
  let at = 0;
  for (const match of text.matchAll(variable)) {
    letters.push(...lettersOf(text.slice(at, match.index)));
    at = match.index + match[0].length;
    const name = match[1].toLowerCase();
    const value = ['*', '?', '$'].includes(name) ? [name] : (values[name] ?? []);
    if (value.length !== 1 || unusable.includes(name)) return undefined;
    letters.push(...lettersOf(value[0], false));
  }
  return [...letters, ...lettersOf(text.slice(at))];
}

/** Every combination of readings, all of which must hold. */
function and(all: readonly Readings[]): Readings {
  if (all.some((one) => !one.has(true))) return no;
  return all.every((one) => !one.has(false)) ? yes : either;
}

/** Every combination of readings, one of which must hold. */
function or(all: readonly Readings[]): Readings {
  if (all.some((one) => !one.has(false))) return yes;
  return all.every((one) => !one.has(true)) ? no : either;
}
