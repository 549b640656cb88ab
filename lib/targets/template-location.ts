import { defaultLocation, isRegion, type Location } from '../iot-core-local/registry/arns';
import { partitionOf } from '../stacks/partition';
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
 * @param warn - gets what is assumed, as a sentence
 * @throws LocationError when there are several, or when what the person says cannot be one
 */
export function locationOf(
  { account, region }: WantedLocation,
  templates: readonly TemplateFile[],
  warn: (message: string) => void,
): Location {
  if (account !== undefined && !/^\d{12}$/.test(account)) {
    throw new LocationError(`--account has 12 digits; "${account}" does not.`);
  }
  if (region !== undefined && !isRegion(region)) {
    throw new LocationError(`--region is a Region such as us-east-1, not "${region}".`);
  }
  const where = region ?? only('region', written('region', templates)) ?? defaultLocation.region;
  return {
    ...partitionFor(where, warn),
    region: where,
    accountId: account ?? only('account', written('accountId', templates)) ?? defaultLocation.accountId,
  };
}

/** What the manifest says of each template or, where it does not know, the ARNs of the template. */
function written(part: 'accountId' | 'region', templates: readonly TemplateFile[]): (string | undefined)[] {
  return templates.flatMap(({ template, environment }) =>
    environment?.[part] === undefined ? arnsIn(template).map((arn) => arn[part]) : environment[part],
  );
}

function only(option: 'account' | 'region', values: readonly (string | undefined)[]): string | undefined {
  const distinct = [...new Set(values.filter((value) => value !== undefined))];
  if (distinct.length <= 1) return distinct[0];
  const what = option === 'account' ? 'accounts' : 'Regions';
  throw new LocationError(
    `The templates name several ${what}: ${distinct.join(', ')}. Say which one with --${option}.`,
  );
}

function partitionFor(region: string, warn: (message: string) => void): Pick<Location, 'partition' | 'urlSuffix'> {
  const known = partitionOf(region);
  if (known) return known;
  const { partition, urlSuffix } = defaultLocation;
  warn(`The partition of the Region ${region} is not known. Its ARNs begin with "arn:${partition}:".`);
  return { partition, urlSuffix };
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
