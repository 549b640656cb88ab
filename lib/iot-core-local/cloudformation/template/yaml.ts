import type { Node } from 'yaml';
import { TemplateError } from './template-error';

type Yaml = typeof import('yaml');

/** The tags of YAML 1.1 that stand for a function under another name than the tag's. */
const otherTags: Readonly<Record<string, string>> = { '!Ref': 'Ref', '!Condition': 'Condition' };

const coreTag = 'tag:yaml.org,2002:';

/** The tags of what JSON has too. */
const jsonTags = new RegExp(`^${coreTag}(bool|float|int|map|null|seq|str)$`);

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
  const document = yaml.parseDocument(body, { ...reading, lineCounter });
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

  /** @throws TemplateError for an alias, which CloudFormation does not take, and for a tag that is neither a function's nor JSON's */
  value(node: unknown): unknown {
    if (this.yaml.isAlias(node)) {
      throw new TemplateError('Template error: YAML aliases are not allowed in CloudFormation templates');
    }
    const { tag = '' } = (node ?? {}) as Node & { tag?: string };
    if (tag.startsWith('!')) return { [functionOf(tag)]: this.untagged(node) };
    if (tag !== '' && !jsonTags.test(tag)) {
      const name = tag.startsWith(coreTag) ? tag.replace(coreTag, '!!') : `!<${tag}>`;
      throw new TemplateError(`The template has the YAML tag ${name}, which is not read.`);
    }
    return this.untagged(node);
  }

  /** A key as it is written: `on` is a name, and not `true`. */
  private keyOf(key: unknown): string {
    return this.yaml.isScalar(key) ? (key.source ?? String(key.value)) : String(this.value(key));
  }

  private untagged(node: unknown): unknown {
    if (this.yaml.isScalar(node)) return scalarOf(node.value, node.source);
    if (this.yaml.isSeq(node)) return node.items.map((item) => this.value(item));
    if (!this.yaml.isMap(node)) return null;
    return Object.fromEntries(node.items.map(({ key, value }) => [this.keyOf(key), this.value(value)]));
  }
}

/** A number that JavaScript would round, such as a long serial number, becomes a text, as any number of a template does in the end. */
function scalarOf(value: unknown, source = ''): unknown {
  if (typeof value !== 'bigint') return value;
  // Digits after a zero are octal. An account's id with an 8 or 9 among them is a text: https://yaml.org/type/int.html
  if (/^[-+]?0\d*[89]/.test(source)) return source;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

function functionOf(tag: string): string {
  return otherTags[tag] ?? `Fn::${tag.slice(1)}`;
}
