import { devNull } from 'node:os';
import { join } from 'node:path';
import { type Shell, syntaxOf } from '../devices/shell';
import type { LocalIotCore } from '../iot-core-local/local-iot-core';

/** Variables of the environment; one without a value is to be unset. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment in which AWS's tools call an IoT Core Local, and nothing else: not AWS, not the user's own profiles, and no service of an
 * EC2 instance.
 *
 * @param devicesRoot - the project's `devices` folder, whose `account` folder the tools of this project then use
 */
export function accountEnvironment({ apiUrl, registry }: LocalIotCore, devicesRoot: string): Environment {
  return {
    AWS_ENDPOINT_URL: apiUrl,
    AWS_REGION: registry.location.region,
    // The AWS CLI and boto3 read this one.
    AWS_DEFAULT_REGION: registry.location.region,
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_CONFIG_FILE: devNull,
    AWS_SHARED_CREDENTIALS_FILE: devNull,
    AWS_EC2_METADATA_DISABLED: 'true',
    // The CLI keeps there which account an access key belongs to.
    CDK_HOME: join(devicesRoot, 'account', '.cdk'),
    CDK_DISABLE_CLI_TELEMETRY: 'true',
    CDK_DISABLE_VERSION_CHECK: 'true',
    FLEET_TARGET: 'account',
    AWS_PROFILE: undefined,
    AWS_DEFAULT_PROFILE: undefined,
    AWS_SESSION_TOKEN: undefined,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
    // Each of these would lead one service elsewhere.
    AWS_ENDPOINT_URL_CLOUDFORMATION: undefined,
    AWS_ENDPOINT_URL_IOT: undefined,
    AWS_ENDPOINT_URL_IOT_DATA_PLANE: undefined,
    AWS_ENDPOINT_URL_STS: undefined,
  };
}

/** The commands that set an environment in a shell, one per line. */
export function printEnvironment(environment: Environment, shell: Shell): string {
  const { set, unset } = syntaxOf(shell);
  return Object.entries(environment)
    .map(([name, value]) => `${value === undefined ? unset(name) : set(name, value)}\n`)
    .join('');
}
