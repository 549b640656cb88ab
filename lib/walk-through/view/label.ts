import { escapeControls } from '../../util/escape-controls';
import { isObject } from '../../util/json';

/**
 * A message in a few characters: `{"ID": "car1", "speed": "75"}`, sent by car1, becomes `speed 75`, because its row names the car.
 *
 * @param width - the most characters
 */
export function labelOf(message: string, sender: string, width: number): string {
  const text = fieldsOf(message)
    ?.filter(([, value]) => value !== sender)
    .map(([name, value]) => `${name} ${typeof value === 'object' ? JSON.stringify(value) : value}`)
    .join(', ');
  return shorten(escapeControls(text || message), width);
}

/** @param width - the most characters */
export function shorten(text: string, width: number): string {
  const characters = [...text];
  return characters.length > width ? `${characters.slice(0, width - 1).join('')}…` : text;
}

function fieldsOf(message: string): [string, unknown][] | undefined {
  const value: unknown = JSON.parse(message);
  return isObject(value) ? Object.entries(value) : undefined;
}
