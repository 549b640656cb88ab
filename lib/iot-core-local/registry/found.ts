import { IotError } from './iot-error';

/** A value that must be there. @throws IotError ResourceNotFoundException that names it */
export function found<T>(value: T | undefined, kind: string, name: string): T {
  if (value === undefined) throw new IotError('ResourceNotFoundException', `${kind} "${name}" does not exist.`);
  return value;
}
