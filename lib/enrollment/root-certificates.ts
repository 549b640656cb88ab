import { X509Certificate } from 'node:crypto';
import { rootCertificates } from 'node:tls';

/** The roots that AWS IoT Core's ATS endpoints chain to; the other two of Amazon's are reserved. https://docs.aws.amazon.com/iot/latest/developerguide/server-authentication.html */
const endpointRoots = ['CN=Amazon Root CA 1', 'CN=Amazon Root CA 3'];

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
  const roots = rootCertificates.filter((pem) => {
    const { subject } = new X509Certificate(pem);
    return endpointRoots.some((name) => subject.split('\n').includes(name));
  });
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
