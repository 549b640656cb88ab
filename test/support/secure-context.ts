import { createSecureContext, type SecureContext } from 'node:tls';

/** What a device has: its key and certificate, both PEM. */
export interface Credentials {
  readonly key: string;
  readonly certificate: string;
}

const contexts = new WeakMap<Credentials, Map<string, SecureContext>>();

/**
 * What a device connects with: its credentials, and the root that it checks the endpoint against, in PEM. Made once for all of its
 * connections, as to read them takes longer than a handshake.
 */
export function secureContextOf(credentials: Credentials, rootCaPem: string): SecureContext {
  const ofRoots = contexts.get(credentials) ?? new Map<string, SecureContext>();
  contexts.set(credentials, ofRoots);
  const { key, certificate: cert } = credentials;
  const context = ofRoots.get(rootCaPem) ?? createSecureContext({ ca: rootCaPem, key, cert });
  ofRoots.set(rootCaPem, context);
  return context;
}
