import { duplicateKey, parseJson } from '../../util/json';
import { IotError } from './iot-error';
import { MalformedPolicy, object } from './policy-source';
import { PolicyStatement } from './policy-statement';

/** A policy document's size without white space. https://docs.aws.amazon.com/general/latest/gr/iot-core.html#security-limits */
const maximumDocumentSize = 2048;

export interface PolicyDocumentOptions {
  /** Whether a document with something that IoT Core Local does not know is taken: what is unknown then denies. @default false */
  readonly isLenient?: boolean;
}

/**
 * A policy of AWS IoT Core, read and checked.
 *
 * `*` stands for any characters, `?` for any one, and both cross `/`; `+` and `#` are characters like any other.
 *
 * @see https://docs.aws.amazon.com/iot/latest/developerguide/pub-sub-policy.html
 */
export class PolicyDocument {
  /**
   * @param source - JSON text, or what it stands for
   * @throws IotError MalformedPolicyException for what AWS would refuse; NotImplementedException naming what IoT Core Local does not know
   */
  static parse(source: unknown, { isLenient = false }: PolicyDocumentOptions = {}): PolicyDocument {
    const text = typeof source === 'string' ? source : JSON.stringify(source);
    const parsed = parsedFrom(text);
    const twice = duplicateKey(text);
    if (twice !== undefined) throw new MalformedPolicy(`it has the key "${twice}" twice in one object`);
    // AWS does not say which characters are white space, so it is no more than JSON's.
    const size = JSON.stringify(parsed).replace(/[ \t\r\n]/g, '').length;
    if (size > maximumDocumentSize) {
      throw new MalformedPolicy(`it has ${size} characters without white space, and AWS takes ${maximumDocumentSize}`);
    }
    const { Version, Statement, Id: _id, ...others } = object(parsed, 'the document');
    if (Version !== undefined && Version !== '2012-10-17' && Version !== '2008-10-17') {
      throw new MalformedPolicy(`its Version is ${JSON.stringify(Version)}`);
    }
    if (Statement === undefined) throw new MalformedPolicy('it has no Statement');
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    if (Version !== '2012-10-17' && text.includes('${')) {
      throw new MalformedPolicy('its policy variables need the Version "2012-10-17"');
    }
    const statements = [Statement].flat().map((statement, index) => PolicyStatement.parse(statement, index));
    const document = new PolicyDocument(text, statements, Object.keys(others));
    if (!isLenient && document.unknown.length > 0) {
      const unknown = document.unknown.join(', ');
      throw new IotError(
        'NotImplementedException',
        `IoT Core Local does not know ${unknown}. With --lenient it denies instead.`,
      );
    }
    return document;
  }

  /** What IoT Core Local does not know of the document, as in `the condition key "iot:X" of statement 1`. */
  readonly unknown: readonly string[];

  private constructor(
    /** The document as it was given. */
    readonly text: string,
    statements: readonly PolicyStatement[],
    unknownElements: readonly string[],
  ) {
    this.unknown = [
      ...unknownElements.map((name) => `the element "${name}" of the policy`),
      ...statements.flatMap(({ unknown, index }) => unknown.map((what) => `${what} of statement ${index + 1}`)),
    ];
    // What an element that is unknown does to its statements is unknown too, so no Allow of theirs may apply.
    this.statements = unknownElements.length > 0 ? statements.filter(({ effect }) => effect === 'Deny') : statements;
  }

  /** The statements that can apply. */
  readonly statements: readonly PolicyStatement[];

  /** What a person should know of the document: sentences. */
  get warnings(): string[] {
    const unknown = this.unknown.map((what) => `IoT Core Local does not know ${what}, so it denies.`);
    const actions = this.statements.flatMap(({ warnings, index }) =>
      warnings.map((warning) => `Statement ${index + 1}: ${warning}`),
    );
    const sids = this.statements.flatMap((statement, index) => this.sidWarning(statement, index));
    return [...unknown, ...actions, ...sids];
  }

  /** https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_sid.html */
  private sidWarning({ sid, index }: PolicyStatement, place: number): string[] {
    if (sid === undefined || sid === '') return [];
    const where = `Statement ${index + 1}: its Sid ${JSON.stringify(sid)}`;
    if (!/^[a-z\d]+$/i.test(sid)) return [`${where} has other characters than letters and digits, which IAM refuses.`];
    const first = this.statements.findIndex((other) => other.sid === sid);
    return first === place ? [] : [`${where} is also that of an earlier statement, which IAM refuses.`];
  }
}

function parsedFrom(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    // Node.js quotes the text that is not JSON, and it may be long.
    throw new MalformedPolicy(`it ${error instanceof RangeError ? error.message : 'is not JSON'}`);
  }
}
