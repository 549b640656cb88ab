import { wildcard } from '../registry/wildcard';
import { malformedPolicy } from './iam-error';

/** The parts of an ARN: `arn`, partition, service, Region, account, resource. */
const partCount = 6;

/**
 * A test whether a resource matches an element of `Resource` or `NotResource`.
 *
 * `*` matches everything, a bare id too. In an ARN, each of the six parts is matched by itself, and parts that are missing are wildcards. A
 * `*` that ends a part can stand for the parts behind it too, says IAM's page. Whether it does in each case is unsure.
 *
 * @param crossesParts - whether the text also matches if its wildcards stand for several parts
 * @throws IamError MalformedPolicyDocument if the text is neither
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html
 */
export function resourcePattern(text: string, crossesParts: boolean): (resource: string) => boolean {
  if (text === '*') return () => true;
  if (text.includes('${')) throw malformedPolicy(`IoT Core Local has no policy variables of IAM, as in "${text}".`);
  if (!text.startsWith('arn:')) throw malformedPolicy(`Resource ${text} must be in ARN format or "*".`);
  const given = partsOf(text);
  const tests = Array.from({ length: partCount }, (_, index) => wildcard(given[index] ?? '*'));
  const whole = wildcard(text);
  return (resource) => {
    if (!resource.startsWith('arn:')) return false;
    const parts = partsOf(resource);
    if (parts.length === partCount && tests.every((test, index) => test(parts[index]))) return true;
    return crossesParts && whole(resource);
  };
}

function partsOf(arn: string): string[] {
  const parts = arn.split(':');
  return parts.length <= partCount ? parts : [...parts.slice(0, partCount - 1), parts.slice(partCount - 1).join(':')];
}
