import type { Target } from './device-folder';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The account that AWS's tools call with this environment: AWS's own, or with `FLEET_TARGET=account` that of an IoT Core Local on this
 * machine. Each has its own keys and certificates, so the variable must agree with `AWS_ENDPOINT_URL`.
 *
 * @throws Error that names the variable and says what to set
 */
export function accountTarget(environment: Environment = process.env): Extract<Target, 'aws' | 'account'> {
  const { FLEET_TARGET: target } = environment;
  const endpoints = endpointsIn(environment);
  if (target === 'account') {
    if (endpoints.length > 0) return target;
    throw new Error(
      'FLEET_TARGET=account is for an account on this machine, and no AWS_ENDPOINT_URL leads there: AWS would be called. Paste the lines of npm run local -- --empty, or unset FLEET_TARGET.',
    );
  }
  if (target !== undefined && target !== '' && target !== 'aws') {
    throw new Error(`FLEET_TARGET is account, or not set for AWS; it is "${target}".`);
  }
  const local = endpoints.find(([, url]) => isLoopback(url));
  if (!local) return 'aws';
  throw new Error(
    `${local[0]} is ${local[1]}, which is this machine and not AWS. Set FLEET_TARGET=account too, so that keys and certificates go into devices/account, and those in devices/aws stay as they are. npm run local -- --empty prints all that is to be set.`,
  );
}

/** The variables that lead AWS's tools to another endpoint, and their values. */
function endpointsIn(environment: Environment): [name: string, url: string][] {
  if (environment.AWS_IGNORE_CONFIGURED_ENDPOINT_URLS?.toLowerCase() === 'true') return [];
  return Object.entries(environment).flatMap(([name, url]): [string, string][] =>
    name.startsWith('AWS_ENDPOINT_URL') && url ? [[name, url]] : [],
  );
}

/** Whether a URL leads to this machine. */
function isLoopback(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return /^(localhost|.*\.localhost|127(\.\d+){3}|0\.0\.0\.0|\[::1\])$/.test(hostname);
}
