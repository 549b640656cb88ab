import type { Node } from 'yaml';
import { TemplateError } from './template-error';

type Yaml = typeof import('yaml');

/** The tags of YAML 1.1 that stand for a function under another name than the tag's. */
const otherTags: Readonly<Record<string, string>> = { '!Ref': 'Ref', '!Condition': 'Condition' };

/**
 * Parses a template in YAML 1.1, with CloudFormation's short forms of functions, such as `!Sub`.
 *
 * @throws TemplateError in CloudFormation's words
 */
export async function parseYaml(body: string): Promise<unknown> {
  // Loaded here, because most starts need no YAML.
  const yaml = await import('yaml');
  const lineCounter = new yaml.LineCounter();
  const reading = { version: '1.1', merge: false, customTags: withoutTimes, intAsBigInt: true } as const;
  const options = { ...reading, lineCounter, logLevel: 'silent' } as const;
  const document = yaml.parseDocument(body, options);
  const [error] = document.errors;
  if (error) {
    const { line, col } = lineCounter.linePos(error.pos[0]);
    throw new TemplateError(`Template format error: YAML not well-formed. (line ${line}, column ${col})`);
  }
  return new Conversion(yaml).value(document.contents);
}

/** A date such as 2012-10-17 is a text to CloudFormation. */
function withoutTimes<T>(tags: T[]): T[] {
  return tags.filter((tag) => Object(tag).tag !== 'tag:yaml.org,2002:timestamp');
}

/** Makes JSON of a YAML document, with tags such as `!Sub` as functions. */
class Conversion {
  constructor(private readonly yaml: Yaml) {}

  /** @throws TemplateError for an alias, which CloudFormation does not take */
  value(node: unknown): unknown {
    if (this.yaml.isAlias(node)) {
      throw new TemplateError('Template error: YAML aliases are not allowed in CloudFormation templates');
    }
    const value = this.untagged(node);
    const { tag } = (node ?? {}) as Node & { tag?: string };
    return tag?.startsWith('!') ? { [functionOf(tag)]: value } : value;
  }

  /** A key as it is written: `on` is a name, and not `true`. */
  private keyOf(key: unknown): string {
    return this.yaml.isScalar(key) ? (key.source ?? String(key.value)) : String(this.value(key));
  }

  private untagged(node: unknown): unknown {
    if (this.yaml.isScalar(node)) return scalarOf(node.value);
    if (this.yaml.isSeq(node)) return node.items.map((item) => this.value(item));
    if (!this.yaml.isMap(node)) return null;
    return Object.fromEntries(node.items.map(({ key, value }) => [this.keyOf(key), this.value(value)]));
  }
}

/** A number that JavaScript would round, such as a long serial number, becomes a text, as any number of a template does in the end. */
function scalarOf(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    throw new TemplateError('The template has the YAML tag !!binary, which is not read.');
  }
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function functionOf(tag: string): string {
  return otherTags[tag] ?? `Fn::${tag.slice(1)}`;
}
