/**
 * A text that a terminal can print safely, whoever wrote it: the characters that could command the terminal are shown as JSON escapes.
 *
 * Whatever a client, a service or a file wrote goes through this before it is printed. The escaped characters are the control characters, those
 * that turn the direction of writing, and the Unicode line and paragraph separators. JSON stays equivalent JSON, as long as it has no line breaks
 * outside of its strings.
 */
export function escapeControls(text: string): string {
  return text.replace(commanding, escapeCharacter);
}

/** {@link escapeControls}, but line breaks stay. */
export function escapeControlsInLines(text: string): string {
  return text.split('\n').map(escapeControls).join('\n');
}

const commanding = /[\p{Control}\p{Bidi_Control}\p{Zl}\p{Zp}]/gu;

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
