import { isObject } from '../../../util/json';
import { functions } from './functions';
import { intrinsicCall } from './intrinsic-call';
import { TemplateError } from './template-error';

/**
 * Refuses a value with a function that IoT Core Local does not evaluate, or with a dynamic reference, wherever in the value it is.
 *
 * @throws TemplateError that names the function or reference
 */
export function refuseUnknownFunctions(owner: string, value: unknown): void {
  if (typeof value === 'string') {
    const reference = /\{\{resolve:[^}]*\}?\}?/.exec(value);
    if (!reference) return;
    throw new TemplateError(
      `${owner} has the dynamic reference ${reference[0]}, which IoT Core Local does not resolve.`,
    );
  }
  if (Array.isArray(value)) {
    for (const entry of value) refuseUnknownFunctions(owner, entry);
  } else if (isObject(value)) {
    const call = intrinsicCall(value);
    // A transform can have other keys beside it.
    const name = call ? call.name : Object.keys(value).find((key) => key === 'Fn::Transform');
    if (name !== undefined && !Object.hasOwn(functions, name)) {
      throw new TemplateError(`${owner} uses ${name}, which IoT Core Local does not evaluate.`);
    }
    for (const entry of Object.values(value)) refuseUnknownFunctions(owner, entry);
  }
}
