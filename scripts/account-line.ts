import { accountTarget } from '../lib/devices/account-target';
import type { NamedRegion } from '../lib/enrollment/region';

/** A line that says which account a command asks. */
export function accountLine({ name, source }: NamedRegion): string {
  if (accountTarget() === 'aws') return `AWS IoT Core in Region ${name} (${source}).`;
  return `The account of AWS_ENDPOINT_URL=${process.env.AWS_ENDPOINT_URL} in Region ${name}.`;
}
