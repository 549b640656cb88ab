/** What can be written as XML: a list is written as `member` elements, and what is undefined is left out. */
export type XmlValue =
  | string
  | number
  | boolean
  | Date
  | undefined
  | readonly XmlValue[]
  | { readonly [name: string]: XmlValue };

/** A value as the content of an XML element. */
function xml(value: XmlValue): string {
  if (value === undefined) return '';
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map((entry) => xmlElement('member', entry)).join('');
  if (typeof value !== 'object') return escaped(String(value));
  return Object.entries(value)
    .map(([name, entry]) => (entry === undefined ? '' : xmlElement(name, entry)))
    .join('');
}

/** An XML element with a value as its content. */
export function xmlElement(name: string, value: XmlValue): string {
  return `<${name}>${xml(value)}</${name}>`;
}

/** XML 1.0 has no control characters, and its readers turn a carriage return into a line feed. */
function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('\r', '&#13;')
    .replace(controlCharacters, '\ufffd');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that XML cannot have.
const controlCharacters = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g;
