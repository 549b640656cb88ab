import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/**
 * Amazon's roots. AWS IoT Core's endpoints chain to CA 1 and CA 3 today. CA 2 and CA 4 are reserved for later, and AWS wants devices to trust
 * all four. https://docs.aws.amazon.com/iot/latest/developerguide/server-authentication.html
 */
const amazonRoot = /^CN=Amazon Root CA [1-4]$/m;

/** The path at which IoT Core Local serves its root certificate. AWS has nothing there. */
const localRootPath = '/iot-core-local/root.pem';

/**
 * The roots of the endpoint that devices connect to, in PEM: those of IoT Core Local, if that is what AWS's tools call, otherwise Amazon's.
 *
 * @param apiUrl - the value of `AWS_ENDPOINT_URL`, if it is set
 */
export async function rootsOf(apiUrl: string | undefined): Promise<string> {
  return (apiUrl ? await localRoot(apiUrl) : undefined) ?? amazonRoots();
}

/** Amazon's roots, from Node's own store: nothing is downloaded. */
export function amazonRoots(): string {
  const roots = rootCertificates.filter((pem) => amazonRoot.test(new X509Certificate(pem).subject));
  return `${roots.join('\n')}\n`;
}

/** @returns undefined if another service than IoT Core Local answers, or none */
async function localRoot(apiUrl: string): Promise<string | undefined> {
  try {
    const response = await fetch(new URL(localRootPath, apiUrl), { signal: AbortSignal.timeout(5_000) });
    const pem = await response.text();
    new X509Certificate(pem);
    return response.ok ? pem : undefined;
  } catch {
    return undefined;
  }
}
