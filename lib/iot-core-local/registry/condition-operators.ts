import { BlockList, isIP } from 'node:net';
import { unmask, wildcard } from './wildcard';

/**
 * How an operator compares a value of a request with one of the policy.
 *
 * @returns undefined if they cannot be compared
 */
type Comparison = (actual: string, expected: string) => boolean | undefined;

/** A condition operator. */
interface ConditionOperator {
  /** AWS's spelling, without `Not`. */
  readonly name: string;
  /** Whether it holds for the values that the comparison does not hold for. */
  readonly isNegated: boolean;
  readonly compare: Comparison;
  /** What a value in a policy must be, for an error; the operator takes any text if undefined. */
  readonly expects?: { readonly what: string; readonly test: (expected: string) => boolean };
}

const equals: Comparison = (actual, expected) => actual === unmask(expected);
const like: Comparison = (actual, expected) => wildcard(expected)(actual);
const ignoringCase: Comparison = (actual, expected) => equals(actual.toLowerCase(), unmask(expected).toLowerCase());

function numeric(test: (actual: number, expected: number) => boolean): Comparison {
  return (actual, expected) =>
    isNumber(actual) && isNumber(expected) ? test(Number(actual), Number(expected)) : undefined;
}

function isNumber(text: string): boolean {
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
}

/** Each of an ARN's six parts is matched by itself. ArnEquals and ArnLike are the same. */
const arn: Comparison = (actual, expected) => {
  const [actualParts, expectedParts] = [arnParts(actual), arnParts(expected)];
  if (!actualParts || !expectedParts) return false;
  return expectedParts.every((part, index) => wildcard(part)(actualParts[index]));
};

function arnParts(text: string): string[] | undefined {
  const parts = text.split(':');
  return parts.length < 6 ? undefined : [...parts.slice(0, 5), parts.slice(5).join(':')];
}

const ipAddress: Comparison = (actual, expected) => {
  const family = familyOf(actual);
  const range = rangeOf(unmask(expected));
  if (!family || !range) return undefined;
  // Node.js takes an IPv4 address for an IPv6 address of ::ffff:0:0/96. In a policy the two are apart.
  return range.family === family && range.addresses.check(actual, family);
};

function familyOf(address: string): 'ipv4' | 'ipv6' | undefined {
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 6 ? 'ipv6' : 'ipv4';
}

/** The addresses of a range such as `203.0.113.0/24`, or of a single address; undefined if it is neither. */
function rangeOf(text: string): { family: 'ipv4' | 'ipv6'; addresses: BlockList } | undefined {
  const [, address, prefix] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? [];
  const family = familyOf(address ?? '');
  const longest = family === 'ipv6' ? 128 : 32;
  if (!family || Number(prefix ?? longest) > longest) return undefined;
  const addresses = new BlockList();
  addresses.addSubnet(address, Number(prefix ?? longest), family);
  return { family, addresses };
}

const isTruth = (text: string) => /^(true|false)$/i.test(text);
const truth = { what: 'true or false', test: isTruth };
const number = { what: 'a number', test: isNumber };
const address = {
  what: 'an IP address or a range in CIDR notation',
  test: (text: string) => rangeOf(text) !== undefined,
};
const anArn = { what: 'an ARN', test: (text: string) => arnParts(text) !== undefined };

/** The operators and their opposites, each by its name and, if it has one, its opposite's. */
const pairs: readonly [
  name: string,
  negated: string | undefined,
  compare: Comparison,
  ConditionOperator['expects']?,
][] = [
  ['StringEquals', 'StringNotEquals', equals],
  ['StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase', ignoringCase],
  ['StringLike', 'StringNotLike', like],
  ['NumericEquals', 'NumericNotEquals', numeric((actual, expected) => actual === expected), number],
  ['NumericLessThan', undefined, numeric((actual, expected) => actual < expected), number],
  ['NumericLessThanEquals', undefined, numeric((actual, expected) => actual <= expected), number],
  ['NumericGreaterThan', undefined, numeric((actual, expected) => actual > expected), number],
  ['NumericGreaterThanEquals', undefined, numeric((actual, expected) => actual >= expected), number],
  ['Bool', undefined, ignoringCase, truth],
  ['IpAddress', 'NotIpAddress', ipAddress, address],
  ['ArnEquals', 'ArnNotEquals', arn, anArn],
  ['ArnLike', 'ArnNotLike', arn, anArn],
  // Compares with whether the key is absent.
  ['Null', undefined, ignoringCase, truth],
];

/**
 * The operators that IoT Core Local knows, by their names in lower case. Date and Binary operators are not among them: no page of AWS uses
 * them in an AWS IoT policy.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
 */
const operators = new Map<string, ConditionOperator>();
for (const [name, negated, compare, expects] of pairs) {
  operators.set(name.toLowerCase(), { name, isNegated: false, compare, expects });
  if (negated) operators.set(negated.toLowerCase(), { name, isNegated: true, compare, expects });
}

/** The names of the operators, in AWS's spelling. */
export const operatorNames: readonly string[] = pairs.flatMap(([name, negated]) => [
  name,
  ...(negated ? [negated] : []),
]);

/** A condition's operator with its set qualifier and `IfExists`. */
export interface QualifiedOperator extends ConditionOperator {
  readonly qualifier?: 'forallvalues' | 'foranyvalue';
  readonly ifExists: boolean;
  readonly isNull: boolean;
}

/**
 * Reads an operator such as `ForAnyValue:StringNotLikeIfExists`, in any case.
 *
 * @returns undefined if IoT Core Local does not know it
 */
export function readOperator(text: string): QualifiedOperator | undefined {
  const [, qualifier, name, suffix] =
    /^(?:(forallvalues|foranyvalue):)?(\w+?)(ifexists)?$/.exec(text.toLowerCase()) ?? [];
  const operator = operators.get(name ?? '');
  if (!operator) return undefined;
  const isNull = operator.name === 'Null';
  if (isNull && (qualifier !== undefined || suffix !== undefined)) return undefined;
  return {
    ...operator,
    qualifier: qualifier as QualifiedOperator['qualifier'],
    ifExists: suffix !== undefined,
    isNull,
  };
}
