import { isIP } from 'node:net';
import { type ConnectionOptions, connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import type { Endpoint } from '../../devices/endpoint';

/** A device's key and certificate, and the root that it checks the server's certificate against, in PEM. */
export interface Credentials {
  readonly key: string;
  readonly certificate: string;
  readonly rootCa: string;
}

/** The port that is shared with HTTPS, where the protocol's name says what is spoken. */
const httpsPort = 443;

/** AWS IoT Core's name for MQTT with client certificates. https://docs.aws.amazon.com/iot/latest/developerguide/protocols.html */
const mqttProtocol = 'x-amzn-mqtt-ca';

/** Reads credentials once, for any number of connections. */
export function secureContext({ key, certificate, rootCa }: Credentials): SecureContext {
  return createSecureContext({ key, cert: certificate, ca: rootCa });
}

/** Begins a TLS connection for MQTT to an endpoint. */
export function openSecureSocket(endpoint: Endpoint, credentials: SecureContext): TLSSocket {
  const socket = connect({ ...tlsOptionsOf(endpoint), secureContext: credentials });
  // Nagle's algorithm delays small packets while an answer is outstanding.
  socket.setNoDelay(true);
  return socket;
}

/** How a TLS connection to an endpoint begins. */
export function tlsOptionsOf({ host, port }: Endpoint): ConnectionOptions {
  const ALPNProtocols = port === httpsPort ? [mqttProtocol] : undefined;
  return { host, port, servername: sniOf(host), ALPNProtocols };
}

/** Server Name Indication, which AWS wants. It cannot be an IP address (RFC 6066, 3). */
function sniOf(host: string): string | undefined {
  return isIP(host) ? undefined : host;
}
