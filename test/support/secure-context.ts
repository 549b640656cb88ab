import { createSecureContext, type SecureContext } from 'node:tls';

/** A device's key and certificate, both PEM. */
export interface Credentials {
  readonly key: string;
  readonly certificate: string;
}

const contexts = new WeakMap<Credentials, Map<string, SecureContext>>();

/**
 * The TLS context of a device: its credentials, and the root that it checks the endpoint against, in PEM.
 *
 * All connections of a device share it, because reading keys and certificates takes longer than a handshake.
 */
export function secureContextOf(credentials: Credentials, rootCaPem: string): SecureContext {
  const ofRoots = contexts.get(credentials) ?? new Map<string, SecureContext>();
  contexts.set(credentials, ofRoots);
  const { key, certificate: cert } = credentials;
  const context = ofRoots.get(rootCaPem) ?? createSecureContext({ ca: rootCaPem, key, cert });
  ofRoots.set(rootCaPem, context);
  return context;
}
