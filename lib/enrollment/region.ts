import { existsSync, readFileSync } from 'node:fs';
import { regionOfEndpoint } from '../devices/endpoint';

/** A Region of AWS, and what named it. */
export interface NamedRegion {
  readonly name: string;
  /** `AWS_REGION`, `profile "dev"`, `this EC2 instance` or `the default`. */
  readonly source: string;
}

/** Where a Region is looked for, besides the environment. */
export interface RegionSources {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The Region of a profile in AWS's shared files. */
  ofProfile(profile: string): Promise<string | undefined>;
  /** The Region of the EC2 instance that this process runs on. */
  ofInstance(): Promise<string | undefined>;
}

const variables = ['AWS_REGION', 'AMAZON_REGION', 'AWS_DEFAULT_REGION', 'AMAZON_DEFAULT_REGION'];

/**
 * The Region that `cdk deploy` uses: the CDK's CLI looks in the same places, in the same order. The SDK alone knows fewer of them.
 *
 * @see https://github.com/aws/aws-cdk-cli/blob/main/packages/%40aws-cdk/toolkit-lib/lib/api/aws-auth/awscli-compatible.ts
 */
export async function regionOfAccount({ env, ofProfile, ofInstance }: RegionSources = machine): Promise<NamedRegion> {
  for (const source of variables) {
    const name = env[source];
    if (name) return { name, source };
  }
  for (const profile of new Set([profileIn(env) ?? 'default', 'default'])) {
    const name = await ofProfile(profile);
    if (name) return { name, source: `profile "${profile}"` };
  }
  const name = await ofInstance();
  if (name) return { name, source: 'this EC2 instance' };
  return { name: 'us-east-1', source: 'the default' };
}

/** The profile that the environment names, as the CDK's CLI reads it. */
export function profileIn(env: Readonly<Record<string, string | undefined>>): string | undefined {
  return env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || undefined;
}

/**
 * Checks that the endpoint that `npm run certs` has kept is in the Region that `cdk deploy` uses now. If nothing names a Region, the endpoint's
 * is the right one.
 *
 * @returns the endpoint's Region, if its host names one
 * @throws Error naming both Regions, and what to do
 */
export async function checkRegionOf(host: string, sources: RegionSources = machine): Promise<string | undefined> {
  const region = regionOfEndpoint(host);
  const { name, source } = await regionOfAccount(sources);
  if (region !== undefined && region !== name && source !== 'the default') {
    throw new Error(
      `The endpoint ${host} is in Region ${region}, but ${source} names ${name}. Set AWS_REGION=${region}, or run npm run certs for the fleet in ${name}.`,
    );
  }
  return region;
}

/** The sources of this machine. */
export const machine: RegionSources = {
  env: process.env,
  async ofProfile(profile) {
    // Loaded only when needed: npm start loads this file, too.
    const { loadSharedConfigFiles } = await import('@smithy/shared-ini-file-loader');
    const { credentialsFile, configFile } = await loadSharedConfigFiles();
    return credentialsFile[profile]?.region ?? configFile[profile]?.region;
  },
  async ofInstance() {
    const isDisabled = !['', 'false'].includes(process.env.AWS_EC2_METADATA_DISABLED ?? '');
    if (isDisabled || !mayBeInstance()) return undefined;
    return askInstance().catch(() => undefined);
  },
};

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/identify_ec2_instances.html */
function mayBeInstance(): boolean {
  if (process.platform !== 'linux') return process.platform === 'win32';
  const textOf = (file: string) => (existsSync(file) ? readFileSync(file, 'utf8').trim().toLowerCase() : '');
  return (
    textOf('/sys/devices/virtual/dmi/id/board_asset_tag').startsWith('i-') ||
    textOf('/sys/hypervisor/uuid').startsWith('ec2')
  );
}

/** @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instance-identity-documents.html */
async function askInstance(service = 'http://169.254.169.254/latest'): Promise<string | undefined> {
  const signal = AbortSignal.timeout(1_000);
  const lifetime = { 'x-aws-ec2-metadata-token-ttl-seconds': '60' };
  const token = await (await fetch(`${service}/api/token`, { method: 'PUT', headers: lifetime, signal })).text();
  const headers = { 'x-aws-ec2-metadata-token': token };
  const document = await fetch(`${service}/dynamic/instance-identity/document`, { headers, signal });
  return ((await document.json()) as { region?: string }).region;
}
