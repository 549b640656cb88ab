type Field = number | readonly number[];

/** A packet: the first byte of its fixed header, the remaining length, and the fields. For packets of less than 2 MiB. */
export function packet(firstByte: number, ...fields: readonly Field[]): Buffer {
  const body = fields.flat();
  return Buffer.from([firstByte, ...length(body.length), ...body]);
}

/** A UTF-8 Encoded String, or Binary Data: two bytes of length, and the content. */
export function sized(content: string | readonly number[]): number[] {
  const bytes = [...Buffer.from(content as string)];
  return [...uint16(bytes.length), ...bytes];
}

/** A property length and the properties. */
export function properties(...fields: readonly Field[]): number[] {
  const block = fields.flat();
  return [...length(block.length), ...block];
}

/** A Two Byte Integer. */
export function uint16(value: number): number[] {
  return [value >> 8, value & 0xff];
}

function length(value: number): number[] {
  return value < 128 ? [value] : [(value & 0x7f) | 0x80, ...length(value >> 7)];
}
