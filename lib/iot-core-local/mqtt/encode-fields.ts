/** The data representations of MQTT 5, 1.5, as bytes. Their values come from this server, so their ranges are not checked. */

export function uint16(value: number): Buffer {
  return Buffer.of(value >> 8, value & 0xff);
}

export function variableByteIntegerSize(value: number): 1 | 2 | 3 | 4 {
  if (value < 0x80) return 1;
  if (value < 0x4000) return 2;
  return value < 0x200000 ? 3 : 4;
}

/** @returns the offset behind it */
export function writeVariableByteInteger(target: Buffer, offset: number, value: number): number {
  let at = offset;
  let rest = value;
  while (rest >= 0x80) {
    target[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  target[at++] = rest;
  return at;
}

/** Up to this many characters of ASCII are written faster one by one than by Buffer.write, which takes long before it begins. */
const fewCharacters = 100;

/** Writes text in UTF-8, without its length. @returns the offset behind it */
export function writeText(target: Buffer, offset: number, text: string): number {
  if (text.length > fewCharacters) return offset + target.write(text, offset);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return offset + target.write(text, offset);
    target[offset + i] = code;
  }
  return offset + text.length;
}
