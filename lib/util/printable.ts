/** A text with a dot for each control character, so that what others wrote sends no escape sequence to a terminal. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, '·');
}
