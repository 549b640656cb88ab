import { isObject } from '../../util/json';
import { IotError } from './iot-error';

/** What AWS would refuse in a policy document. The message says it in a clause. */
export class MalformedPolicy extends IotError {
  constructor(reason: string) {
    super('MalformedPolicyException', `The policy document is malformed: ${reason}.`);
  }
}

/** A value that must be a JSON object. @throws MalformedPolicy */
export function object(value: unknown, what: string): Record<string, unknown> {
  if (isObject(value)) return value;
  throw new MalformedPolicy(`${what} is not an object`);
}

/** A value that must be a text or a list of texts. @throws MalformedPolicy */
export function strings(value: unknown, what: string): string[] {
  const list = [value].flat();
  if (list.length > 0 && list.every((entry) => typeof entry === 'string')) return list;
  throw new MalformedPolicy(`${what} is not a string or a list of strings`);
}
