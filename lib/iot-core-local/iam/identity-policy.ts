import { duplicateKey, isObject, parseJson } from '../../util/json';
import { repeated } from '../../util/repeated';
import type { AccessRequest } from './access-request';
import { malformedPolicy } from './iam-error';
import { IamStatement } from './iam-statement';

/** A policy of a user or a role, which says what they may call. */
export class IdentityPolicy {
  /**
   * Reads a policy document, as an object or as JSON.
   *
   * @throws IamError MalformedPolicyDocument that names what is wrong, or what IoT Core Local does not know
   */
  static parse(source: unknown): IdentityPolicy {
    const document = documentIn(source, 'policy document');
    if (!isObject(document)) throw malformedPolicy('A policy document is an object.');
    const { Version, Statement, Id: _id, ...others } = document;
    const [other] = Object.keys(others);
    if (other !== undefined) throw malformedPolicy(`A policy document has no element "${other}".`);
    if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
      throw malformedPolicy(`The policy must contain a valid version string, not ${JSON.stringify(Version)}.`);
    }
    if (Statement === undefined) throw malformedPolicy('A policy document needs Statement.');
    const statements = [Statement].flat().map((statement) => IamStatement.parse(statement));
    checkSids(statements);
    return new IdentityPolicy(statements);
  }

  private constructor(readonly statements: readonly IamStatement[]) {}
}

/** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
function checkSids(statements: readonly IamStatement[]): void {
  const sids = statements.map(({ source }) => source.Sid).filter((sid) => sid !== undefined && sid !== '');
  const wrong = sids.find((sid) => typeof sid !== 'string' || !/^[a-z\d]+$/i.test(sid));
  if (wrong !== undefined) {
    throw malformedPolicy(`Statement IDs (SID) must be alpha-numeric; ${JSON.stringify(wrong)} is not.`);
  }
  const twice = repeated(sids);
  if (twice !== undefined) {
    throw malformedPolicy(`Statement IDs (SID) in a single policy must be unique; "${twice}" is there twice.`);
  }
}

/** What policies say of a request. An explicit Deny beats every Allow; without an Allow, it is denied too. */
export type IamDecision =
  | { readonly isAllowed: true }
  | { readonly isAllowed: false; readonly deniedBy?: IamStatement; readonly because: string };

/**
 * Decides about a request as IAM does, with the policies of whoever makes it.
 *
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
 */
export function decide(policies: readonly IdentityPolicy[], request: AccessRequest): IamDecision {
  const statements = policies.flatMap((policy) => policy.statements);
  const applying = statements.filter((statement) => statement.applies(request));
  const deniedBy = applying.find(({ isDeny }) => isDeny);
  if (deniedBy) return { isAllowed: false, deniedBy, because: `${JSON.stringify(deniedBy.source)} denies it` };
  if (applying.length > 0) return { isAllowed: true };
  for (const statement of statements) {
    const reason = statement.isDeny ? undefined : statement.whyNot(request);
    if (reason) {
      return { isAllowed: false, because: `${JSON.stringify(statement.source)} does not apply, as ${reason}` };
    }
  }
  return { isAllowed: false, because: 'no statement allows it' };
}

/**
 * A document that is given as an object or as JSON.
 *
 * @param what - for the error: `trust policy`
 * @throws IamError MalformedPolicyDocument if a text is not JSON, is nested too deeply or has a key twice in one object
 */
export function documentIn(source: unknown, what: string): unknown {
  if (typeof source !== 'string') return source;
  let document: unknown;
  try {
    document = parseJson(source);
  } catch (error) {
    throw malformedPolicy(`The ${what} ${error instanceof RangeError ? error.message : 'is not JSON'}.`);
  }
  const twice = duplicateKey(source);
  if (twice !== undefined) throw malformedPolicy(`The ${what} has the key "${twice}" twice in one object.`);
  return document;
}
