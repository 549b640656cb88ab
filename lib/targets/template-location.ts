import { defaultLocation, isRegion, type Location } from '../iot-core-local/registry/arns';
import type { TemplateFile } from './template-files';

/** What a person says of where templates are deployed. */
export interface WantedLocation {
  readonly account?: string;
  readonly region?: string;
}

/** A person must say in which account and Region the templates are deployed. */
class LocationError extends Error {
  override readonly name = 'LocationError';
}

/**
 * Where templates are deployed: as the person says; else as the CDK's manifest says, or as the ARNs say that are written out in the templates;
 * else in the account and Region of AWS's examples.
 *
 * @throws LocationError when there are several, or when what the person says cannot be one
 */
export function locationOf({ account, region }: WantedLocation, templates: readonly TemplateFile[]): Location {
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new LocationError(`--account has 12 digits; "${account}" does not.`);
  }
  if (region !== undefined && !isRegion(region)) {
    throw new LocationError(`--region is a Region such as us-east-1, not "${region}".`);
  }
  const written = templates.flatMap(({ template, environment }) => (environment ? [environment] : arnsIn(template)));
  const accountId =
    account ??
    only(
      'account',
      written.map(({ accountId: id }) => id),
    ) ??
    defaultLocation.accountId;
  const where =
    region ??
    only(
      'region',
      written.map((location) => location.region),
    ) ??
    defaultLocation.region;
  return { partition: partitionOf(where), region: where, accountId };
}

function only(option: 'account' | 'region', values: readonly (string | undefined)[]): string | undefined {
  const distinct = [...new Set(values.filter((value) => value !== undefined))];
  if (distinct.length <= 1) return distinct[0];
  const what = option === 'account' ? 'accounts' : 'Regions';
  throw new LocationError(
    `The templates name several ${what}: ${distinct.join(', ')}. Say which one with --${option}.`,
  );
}

/** The beginning of an AWS IoT ARN, with its Region and account, each of which can be CloudFormation's variable instead. */
const arnPattern = /\barn:(?:aws[\w-]*|\$\{AWS::Partition\}):iot:([\w*-]*|\$\{AWS::Region\}):(\d{12}(?=:))?/g;

/** What each AWS IoT ARN in a template writes out of its account and Region. */
function arnsIn(value: unknown): { readonly accountId?: string; readonly region?: string }[] {
  if (typeof value === 'string') {
    return Array.from(value.matchAll(arnPattern), ([, region, accountId]) => ({
      region: isRegion(region) ? region : undefined,
      accountId,
    }));
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(arnsIn) : [];
}

/** https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/partitions.html */
function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}
