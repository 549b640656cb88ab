import type { TLSSocket } from 'node:tls';
import { type Certificate, certificateIdOf } from '../registry/certificate';
import type { GatewayContext } from './gateway-context';

/** The id of the certificate that a client showed in its TLS handshake; undefined if it showed none, or is gone already. */
export function clientCertificateId(socket: TLSSocket): string | undefined {
  // Not getPeerX509Certificate: Node.js 20 never frees it if the client sends its issuer's certificate too, as clients with a `ca` do.
  const certificate: { fingerprint256?: string } | null = socket.getPeerCertificate();
  const fingerprint256 = certificate?.fingerprint256;
  return fingerprint256 === undefined ? undefined : certificateIdOf({ fingerprint256 });
}

/**
 * Decides whether a certificate opens a connection.
 *
 * @param serverName - the server name (SNI) of the client's TLS handshake
 * @returns why it opens none, as a clause for the log; undefined if it opens one
 */
export function certificateRefusal(
  certificateId: string,
  serverName: string | undefined,
  { registry, clocks }: Pick<GatewayContext, 'registry' | 'clocks'>,
): string | undefined {
  const registered = registry.findCertificate(certificateId);
  if (!registered) return `certificate ${certificateId} is not registered`;
  const fault = faultOf(registered, serverName, clocks.wall());
  if (fault === undefined) return undefined;
  const things = registry.thingNamesOf(registered.certificateArn);
  return `certificate ${certificateId}${things.length > 0 ? ` of ${things.join(', ')}` : ''} ${fault}`;
}

/** @param now - milliseconds since 1970 */
function faultOf(
  { status, certificateMode, notBefore, notAfter }: Certificate,
  serverName: string | undefined,
  now: number,
): string | undefined {
  if (status !== 'ACTIVE') return `is ${status}`;
  if (certificateMode === 'SNI_ONLY' && serverName === undefined) {
    return 'is SNI_ONLY, and the client sent no server name (SNI): connect to a name such as localhost';
  }
  if (now < notBefore.getTime()) return 'is not valid yet';
  if (now > notAfter.getTime()) return 'has expired';
  return undefined;
}
