import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkRegionOf, machine, regionOfAccount } from '../../lib/enrollment/region';
import { temporaryFolder } from '../support/temporary-folder';

const root = temporaryFolder();

/** The sources of a machine that has only these. */
const sources = (
  env: Record<string, string>,
  profiles: Record<string, string> = {},
  instance: string | undefined = undefined,
) => ({ env, ofProfile: async (profile: string) => profiles[profile], ofInstance: async () => instance });

test.each([
  ['AWS_REGION', { AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-central-1', 'AWS_REGION'],
  [
    'AMAZON_REGION',
    { AMAZON_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-west-1' },
    'eu-central-1',
    'AMAZON_REGION',
  ],
  ['AWS_DEFAULT_REGION', { AWS_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1', 'AWS_DEFAULT_REGION'],
  ['AMAZON_DEFAULT_REGION', { AMAZON_DEFAULT_REGION: 'eu-west-1' }, 'eu-west-1', 'AMAZON_DEFAULT_REGION'],
  ['the default of an empty variable', { AWS_REGION: '' }, 'ca-central-1', 'profile "default"'],
  ['the profile of AWS_PROFILE', { AWS_PROFILE: 'dev', AWS_DEFAULT_PROFILE: 'x' }, 'sa-east-1', 'profile "dev"'],
  ['the profile of AWS_DEFAULT_PROFILE', { AWS_DEFAULT_PROFILE: 'dev' }, 'sa-east-1', 'profile "dev"'],
  [
    'the default profile, when the named one has no Region',
    { AWS_PROFILE: 'bare' },
    'ca-central-1',
    'profile "default"',
  ],
])('The Region is that of %s', async (_from, env, name, source) => {
  const profiles = { dev: 'sa-east-1', default: 'ca-central-1' };
  expect(await regionOfAccount(sources(env, profiles, 'us-west-2'))).toEqual({ name, source });
});

test('The Region is that of the EC2 instance when nothing else names one', async () => {
  expect(await regionOfAccount(sources({}, {}, 'us-west-2'))).toEqual({
    name: 'us-west-2',
    source: 'this EC2 instance',
  });
});

test('The Region is us-east-1 when nothing names one, as it is for cdk deploy', async () => {
  expect(await regionOfAccount(sources({}))).toEqual({ name: 'us-east-1', source: 'the default' });
});

test('A profile’s Region is read from AWS’s shared files, the credentials file first', async () => {
  const folder = root;
  writeFileSync(join(folder, 'config'), '[default]\nregion = eu-west-3\n[profile dev]\nregion = eu-west-2\n');
  writeFileSync(join(folder, 'credentials'), '[dev]\nregion = eu-north-1\n');
  jest.replaceProperty(process, 'env', {
    ...process.env,
    AWS_CONFIG_FILE: join(folder, 'config'),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'),
  });
  const { ofProfile } = machine;
  expect(await ofProfile('dev')).toBe('eu-north-1');
  expect(await ofProfile('default')).toBe('eu-west-3');
  expect(await ofProfile('other')).toBeUndefined();
  jest.restoreAllMocks();
});

const host = 'abc-ats.iot.eu-central-1.amazonaws.com';

test('An endpoint in another Region than the environment’s is refused, with both named', async () => {
  await expect(checkRegionOf(host, sources({ AWS_REGION: 'eu-west-1' }))).rejects.toThrow(
    `The endpoint ${host} is in Region eu-central-1, but AWS_REGION names eu-west-1. Set AWS_REGION=eu-central-1, or run npm run certs for the fleet in eu-west-1.`,
  );
});

test.each([
  ['in the Region that is named', host, { AWS_REGION: 'eu-central-1' }, 'eu-central-1'],
  ['in any Region, if none is named,', host, {}, 'eu-central-1'],
  ['of a custom domain', 'mqtt.example.com', { AWS_REGION: 'eu-west-1' }, undefined],
])('An endpoint %s is accepted', async (_case, endpoint, env, region) => {
  expect(await checkRegionOf(endpoint, sources(env as Record<string, string>))).toBe(region);
});
