import type { TLSSocket } from 'node:tls';

/** The server name (SNI) of a client's TLS handshake, if it sent one. */
export function serverNameOf(socket: TLSSocket): string | undefined {
  // Node's types do not have it: https://nodejs.org/api/tls.html#tlssocketservername
  const { servername } = socket as { readonly servername?: string | false | null };
  return servername || undefined;
}
