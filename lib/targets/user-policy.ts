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
    const document: unknown = JSON.parse(readFileSync(file, 'utf8'));
    IdentityPolicy.parse(document);
    return document;
  } catch (error) {
    throw new Error(
      `${file} is not an IAM policy that IoT Core Local can follow: ${reasonOf(error).replace(/\.?$/, '.')}`,
    );
  }
}
