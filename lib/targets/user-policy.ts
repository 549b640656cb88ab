import { readFileSync } from 'node:fs';
import { IdentityPolicy } from '../iot-core-local/iam/identity-policy';
import { reasonOf } from '../util/reason-of';

/**
 * The document of an identity policy in a file, for the option `userPolicy` of IoT Core Local.
 *
 * @throws Error that names the file, and what is wrong or not known
 */
export function readUserPolicy(file: string): unknown {
  try {
    const text = readFileSync(file, 'utf8');
    IdentityPolicy.parse(text);
    return JSON.parse(text);
  } catch (error) {
    throw new Error(
      `${file} is not an IAM policy that IoT Core Local can follow: ${reasonOf(error).replace(/\.?$/, '.')}`,
    );
  }
}
