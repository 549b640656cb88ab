import { homedir } from 'node:os';

/** What a transcript must not hold. */
export interface Secrets {
  readonly accountId: string;
  /** Keys, tokens and passwords, as they are. */
  readonly values: readonly (string | undefined)[];
}

/** Kinds of text that say who somebody is or give a right, whatever their value. */
const kinds: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, '<private key>'],
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids
  [/\b(AKIA|ASIA|AROA|AIDA|ABIA|ACCA|AGPA|AIPA|ANPA|ANVA|APKA|ASCA)[A-Z0-9]{12,}\b/g, '<id>'],
  // An account's data endpoint has a name of its own.
  [/\b[a-z0-9]{6,}(-ats)?\.iot\./g, '<endpoint>.iot.'],
  // Accounts that others name, as in an ARN or a message.
  [/(?<![0-9a-fA-F-])\d{12}(?![0-9a-fA-F])/g, '<account>'],
  [/\b(user|assumed-role|federated-user)\/[^\s"',)]+/g, '$1/<name>'],
];

/**
 * Takes out of a text what a person would not publish: keys, tokens, account numbers, who the caller is, the data endpoint, and the home
 * folder. It rather takes too much: twelve digits are an account number.
 */
export function redactor({ accountId, values }: Secrets, home = homedir()): (text: string) => string {
  const known = values.filter((value): value is string => value !== undefined && value.length >= 6);
  return (text) => {
    let redacted = known.reduce((rest, value) => rest.replaceAll(value, '<secret>'), text);
    if (accountId) redacted = redacted.replaceAll(accountId, '<account>');
    if (home.length > 1) redacted = redacted.replaceAll(home, '~');
    return kinds.reduce((rest, [kind, name]) => rest.replace(kind, name), redacted);
  };
}
