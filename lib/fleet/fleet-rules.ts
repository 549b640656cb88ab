/** Input that describes no valid fleet. Its message is a sentence that names the value and the rule that it breaks. */
export class FleetError extends Error {
  override readonly name = 'FleetError';
}

/** The most stacks of a fleet. */
export const mostStacks = 999;

interface Rule {
  readonly mustBe: string;
  readonly holds: (text: string) => boolean;
}

const bytesUpTo = (limit: number): Rule => ({
  mustBe: `have 1 to ${limit} bytes of UTF-8`,
  holds: (text) => text.length > 0 && Buffer.byteLength(text) <= limit,
});

/**
 * Topic and share name become part of a policy's resources. There `*` and `?` are wildcards, `${…}` is a variable, and a character that
 * JSON escapes counts double toward the policy's 2,048 characters. A name that matches more in a policy than over MQTT would widen a
 * device's rights.
 */
const plainInPolicy: readonly Rule[] = [
  // The lone half of a surrogate pair has no UTF-8.
  { mustBe: 'have no control characters', holds: (text) => !/[\p{Cc}\p{Cs}]/u.test(text) },
  {
    mustBe: 'not contain * or ? or ${, which are wildcards and variables in a policy',
    holds: (text) => !/[*?]|\$\{/.test(text),
  },
  { mustBe: 'not contain " or \\, which have to be escaped in a policy', holds: (text) => !/["\\]/.test(text) },
];

/**
 * AWS takes `:` in a thing name too. Here the policy has the same name, which may contain no `:`, and so has the folder, which may not on
 * Windows.
 */
const thingNameRules: readonly Rule[] = [
  {
    mustBe: 'be 1 to 128 of the characters a-z, A-Z, 0-9, _ and -',
    holds: (text) => /^[a-zA-Z0-9_-]{1,128}$/.test(text),
  },
  {
    mustBe: 'not be a name that every JavaScript object inherits, as the CDK takes it for one that is in use',
    holds: (text) => !(text in {}),
  },
];

/** AWS IoT Core's quotas for a topic, and MQTT's rules for a topic name: MQTT 5, 4.7. */
const topicRules: readonly Rule[] = [
  bytesUpTo(256),
  { mustBe: 'have at most 7 slashes', holds: (text) => text.split('/').length <= 8 },
  { mustBe: 'not contain + or #, as nothing can be published to a wildcard', holds: (text) => !/[+#]/.test(text) },
  { mustBe: 'not start with $, which is reserved for AWS IoT Core', holds: (text) => !text.startsWith('$') },
  ...plainInPolicy,
];

/** AWS IoT Core developer guide, "MQTT", shared subscriptions; MQTT 5, 4.8.2. */
const shareNameRules: readonly Rule[] = [
  bytesUpTo(128),
  { mustBe: 'not contain / or + or #', holds: (text) => !/[/+#]/.test(text) },
  ...plainInPolicy,
];

/** Each of these returns the name if it keeps the rules. @throws FleetError otherwise */
export const requireThingName = (value: unknown): string => check('a thing name', value, thingNameRules);
export const requireTopic = (value: unknown): string => {
  if (value === undefined) throw new FleetError('The fleet has no "topic".');
  return check('the topic', value, topicRules);
};
export const requireShareName = (value: unknown): string => check('a share name', value, shareNameRules);
export const requireClientId = (value: unknown): string => check('a client id', value, [bytesUpTo(128)]);

/** The number of a fleet's stacks. It has at most three digits, because each stack's name ends in its number. */
export function requireStacks(value: unknown): number {
  if (Number.isInteger(value) && Number(value) >= 1 && Number(value) <= mostStacks) return Number(value);
  throw new FleetError(`"stacks" must be a whole number from 1 to ${mostStacks}; it is ${show(value)}.`);
}

/** A value as it is written in cdk.json. */
export function show(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}

function check(kind: string, value: unknown, rules: readonly Rule[]): string {
  if (typeof value !== 'string') throw new FleetError(`${show(value)} cannot be ${kind}: it must be a string.`);
  const broken = rules.find((rule) => !rule.holds(value));
  if (broken) throw new FleetError(`${show(value)} cannot be ${kind}: it must ${broken.mustBe}.`);
  return value;
}
