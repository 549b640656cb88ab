import { RegionInfo } from 'aws-cdk-lib/region-info';

/** A partition of AWS: Regions that share no accounts with those of the others. */
export interface Partition {
  /** `aws-cn`, as in ARNs. */
  readonly partition: string;
  /** `amazonaws.com.cn`, the value of `AWS::URLSuffix`. */
  readonly urlSuffix: string;
}

/**
 * The partition of a Region, as the CDK's table of Regions has it. A newer Region belongs to that of the Regions whose names begin like its own.
 *
 * @param region - `eu-west-1`
 * @returns undefined if the table has no such Region
 * @see https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html
 */
export function partitionOf(region: string): Partition | undefined {
  const isAlike = (known: RegionInfo) => beginningOf(known.name) === beginningOf(region);
  const info = RegionInfo.regions.find(({ name }) => name === region) ?? RegionInfo.regions.find(isAlike);
  if (info?.partition === undefined || info.domainSuffix === undefined) return undefined;
  return { partition: info.partition, urlSuffix: info.domainSuffix };
}

/** `us-gov` for `us-gov-west-1`. */
function beginningOf(region: string): string {
  return region.replace(/-[a-z]+-\d+$/, '');
}
